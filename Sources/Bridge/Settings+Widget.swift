import FoundationEssentials
import GenesysCloud
import Listener
import Logging
import Outbox
import SQLiteOutbox

extension Settings {
    var widgetSettings: WidgetSettings? {
        guard widget.clientID != nil, let origin = listen.publicURL else { return nil }
        let ancestors =
            (genesys.region.map { ["https://apps.\($0)"] } ?? [])
            + widget.frameAncestors.map(\.description)
        var settings = WidgetSettings(
            origin: origin.description, ancestors: ancestors,
            sessionKeys: widget.sessionKeys.compactMap {
                Data(base64Encoded: $0.text).map(Array.init)
            },
            shopNames: shops.mapValues(\.toName), queues: routes.compactMapValues(\.queueID))
        settings.login = widget.login
        settings.undo = widget.undo
        settings.maxFile = widget.maxFile
        settings.fileTypes = widget.fileTypes
        settings.linkLifetime = widget.linkLifetime
        return settings
    }

    /// Where shops fetch the files that agents sent.
    func fileLinks(
        _ store: SQLiteOutbox, _ environment: Environment
    ) async throws -> FileLinks? {
        guard let settings = widgetSettings else { return nil }
        return FileLinks(
            key: try await store.linkKey(), origin: settings.origin,
            lifetime: settings.linkLifetime, now: environment.now)
    }

    /// - Returns: `nil` where there is no tab for agents.
    func widget(
        _ links: FileLinks?, _ client: GenesysClient, _ store: SQLiteOutbox,
        _ environment: Environment, _ logger: Logger
    ) -> Listener.Widget? {
        guard let settings = widgetSettings, let widgetClient, let links else { return nil }
        let desk = AgentDesk(
            client: client, widget: widgetClient, environment: environment, logger: logger)
        return Listener.Widget(
            settings, links: links, services: desk, store: store, environment: environment)
    }

    /// Whom agents log in with.
    var widgetClient: WidgetClient? {
        widget.clientID.map { id in
            WidgetClient(
                id: id, secret: widget.clientSecret.text.isEmpty ? nil : widget.clientSecret.text)
        }
    }
}
