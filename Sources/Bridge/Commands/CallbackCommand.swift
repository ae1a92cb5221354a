import ArgumentParser
import CurlTransport
import ExactJSON
import FoundationEssentials
import Outbox
import ShopCallback

/// `genesys-bridge callback`: the way back to a shop.
struct CallbackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "callback", abstract: "Tries the way back to a shop.",
        subcommands: [CallbackTest.self])
}

struct CallbackTest: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Posts a signed event to a shop's callbackURL, and says what came back.",
        discussion: """
            The event has the type bridge.test and no customer's data; it is signed with the shop's
            callbackSecrets, and goes exactly the way an agent's answer goes. No daemon is needed, and
            nothing is kept here. A receiver answers 200 to it; config/receivers has three to copy.

            With --id the event bears that id, so that a second run is a repeat of the first: the shop
            answers 200 again and does nothing twice.

            Examples:
              genesys-bridge callback test                   of the only shop with a callback
              genesys-bridge callback test --shop de
              genesys-bridge callback test --id evt_try1     run it twice

            Exit codes: 0 taken, 69 not reached or no answer, 75 the shop failed or asks to wait,
            77 refused (401, 403, 410, 422), 78 wrong settings.
            """)

    @OptionGroup var source: SettingsOptions

    @Option(help: "The shop as the settings name it; needed where several have a callback.")
    var shop: String?

    @Option(help: "The event's id: 1 to 64 letters, digits, - and _. Without it a new one.")
    var id: String?

    func validate() throws {
        if let id, !SettingPath.isName(id) {
            throw ValidationError("--id is “\(id)”, not 1 to 64 letters, digits, - and _.")
        }
    }

    func run() async throws {
        try await CommandFailure.exiting {
            let settings = try Settings.load(try source.input())
            let (name, profile, url) = try settings.callback(of: shop.map { ShopName($0) })
            let notice = Self.notice(id: id ?? Self.newID(), at: Environment.live.now())
            let transport = CurlTransport(
                userAgent: "genesys-bridge/\(Version.current)", concurrency: 1)
            let client = CallbackClient(profile, transport: transport, environment: .live)
            let report = await client.post(notice)
            await transport.shutdown()
            let output = Terminal.standardOutput
            let trial = CallbackTrial(shop: name, url: url, id: notice.id, report: report)
            output.write(try trial.success(colored: output.isColored) + "\n")
        }
    }

    static func notice(id: String, at now: Timestamp) -> Notice {
        Notice(
            type: "bridge.test", id: id, timestamp: now.description,
            data: ["at": .string(now.description)])
    }

    private static func newID() -> String {
        let digits = UUID().uuidString.lowercased().filter { $0 != "-" }
        return "evt_test_\(digits)"
    }
}

extension Settings {
    /// - Parameter name: `nil` for the only shop that has a callback.
    func callback(
        of name: ShopName?
    ) throws(CommandFailure) -> (ShopName, CallbackProfile, WebAddress) {
        let next = "Set shops.NAME.callbackURL and shops.NAME.callbackSecrets."
        let known = shops.keys.map(\.description).sorted().joined(separator: ", ")
        let with = shops.filter { $0.value.callbackURL != nil }.map(\.key.description).sorted()
        if let name, shops[name] == nil {
            throw CommandFailure(.settings, "There is no shop \(name); there are: \(known).")
        }
        guard let chosen = name ?? with.first.map({ ShopName($0) }) else {
            throw CommandFailure(.settings, "No shop has a callbackURL.", next: next)
        }
        if name == nil, with.count > 1 {
            throw CommandFailure(
                .settings, "Several shops have a callback: \(with.joined(separator: ", ")).",
                next: "Name one with --shop.")
        }
        guard let shop = shops[chosen], let url = shop.callbackURL,
            let profile = callbackProfile(shop)
        else {
            throw CommandFailure(.settings, "The shop \(chosen) has no callbackURL.", next: next)
        }
        return (chosen, profile, url)
    }
}

/// What came of an event that was posted to try the way.
struct CallbackTrial {
    var shop: ShopName
    var url: WebAddress
    var id: String
    var report: Report

    /// - Throws: what went wrong, with what to do.
    func success(colored: Bool) throws(CommandFailure) -> String {
        let answer = report.status.map(String.init) ?? "no answer"
        let place = "\(shop) at \(url.shown)"
        switch report.outcome {
        case .delivered:
            let mark = "ok".styled(.good, if: colored)
            return "\(mark)  \(place) took \(id): it answered \(answer)."
        case .refused(let reason):
            throw CommandFailure(
                .notAllowed, "\(place) refused \(id): \(reason).",
                next:
                    "It read the event and does not want it: a receiver should answer 200 to types "
                    + "that it does not know.")
        case .misconfigured(let reason):
            throw CommandFailure(.notAllowed, "\(place): \(reason).")
        case .unreachable(let reason):
            throw CommandFailure(
                .unavailable, "\(place) cannot be reached: \(reason).",
                next:
                    "Check callbackURL, the name server, the certificate, the proxy and the firewall."
            )
        case .failed(_, let reason) where [401, 403].contains(report.status):
            throw CommandFailure(
                .notAllowed, "\(place): \(reason).",
                next:
                    "The receiver has to have one of this shop's callbackSecrets, a clock that is "
                    + "right within 5 minutes, and the body byte for byte as it came.")
        case .failed(_, let reason) where report.status == nil:
            throw CommandFailure(
                .unavailable, "\(place) gave no answer: \(reason).",
                next: "It has 15 seconds: let it keep the event first, and do the work afterwards.")
        default:
            throw CommandFailure(
                .temporary, "\(place): \(report.outcome.reason ?? answer).",
                next: "An answer of an agent would be posted again, for callback.lifetime.")
        }
    }
}
