import HTTPTypes
public import Outbox
import WidgetPage

/// The agents' tab: its page, their logins, and what the page asks for.
public struct Widget: Sendable {
    private let settings: WidgetSettings
    private let page: PageFiles
    private let login: LoginFlow
    private let conversations: Conversations
    private let downloads: FileDownloads

    /// - Parameters:
    ///   - settings: without `sessionKeys`, logins end with this process.
    ///   - links: where shops fetch the files that agents sent.
    ///   - services: Genesys, with the agents' own logins.
    public init(
        _ settings: WidgetSettings, links: FileLinks, services: any AgentServices,
        store: any DeskStore & OutboxStore & ThreadStore, environment: Environment
    ) {
        var settings = settings
        if settings.sessionKeys.isEmpty { settings.sessionKeys = [Secret().bytes] }
        self.settings = settings
        page = PageFiles(WidgetPage.files, settings: settings)
        let sessions = Sessions(
            store: store, keys: settings.sessionKeys, origin: settings.origin,
            environment: environment)
        login = LoginFlow(
            settings, logins: services, sessions: sessions, page: page, environment: environment)
        conversations = Conversations(
            sessions: sessions, services: services, store: store, settings: settings,
            environment: environment)
        downloads = FileDownloads(links: links, store: store, types: settings.fileTypes)
    }

    var links: FileLinks { downloads.links }

    func add(to routes: inout Routes) {
        routes.set(settings.fields, beneath: "widget")
        page.add(to: &routes)
        login.add(to: &routes)
        conversations.add(to: &routes)
        SupervisorLists(conversations: conversations).add(to: &routes)
        downloads.add(to: &routes)
    }
}

extension WidgetSettings {
    /// Of every answer, refusals too: nothing is kept by anybody, and only those may frame it who are to.
    fileprivate var fields: HTTPFields {
        let framing = ancestors.isEmpty ? "'none'" : ancestors.joined(separator: " ")
        var fields: HTTPFields = [
            .cacheControl: "no-store", .vary: "cookie, authorization",
            .xContentTypeOptions: "nosniff",
            .contentSecurityPolicy: "default-src 'none'; script-src 'self'; style-src 'self'; "
                + "img-src 'self' data:; connect-src 'self'; form-action 'none'; base-uri 'none'; "
                + "require-trusted-types-for 'script'; trusted-types bridge-inert; "
                + "frame-ancestors \(framing)",
        ]
        fields[.referrerPolicy] = "no-referrer"
        return fields
    }
}

extension HTTPField.Name {
    static let referrerPolicy = known("referrer-policy")
}
