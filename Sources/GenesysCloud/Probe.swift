import ExactJSON
public import Outbox

/// Measures with one conversation of its own what the API leaves open.
///
/// Whatever fails on the way, it tries to end that conversation, also when the task is cancelled.
public struct Probe: Sendable {
    private let client: GenesysClient
    private let provider: String
    private let target: RouteTarget
    private let environment: Environment
    private let patience: Duration
    private let report: @Sendable (String) -> Void
    private let marker: String

    private static let interval = Duration.seconds(5)
    private static let tries = 6

    /// - Parameters:
    ///   - target: of the route that the conversation takes; an agent of its queue may see it.
    ///   - patience: for how long to wait for a source to show the conversation.
    ///   - report: told of each step as it is known, in words for a person.
    public init(
        client: GenesysClient, provider: String, target: RouteTarget, environment: Environment,
        patience: Duration = .seconds(180), report: @escaping @Sendable (String) -> Void
    ) {
        self.client = client
        self.provider = provider
        self.target = target
        self.environment = environment
        self.patience = patience
        self.report = report
        marker = "probe-" + String(UInt64(environment.chance() * 0x1p53), radix: 32)
    }

    /// - Throws: if there is no conversation to measure with, or the task was cancelled.
    public func run() async throws(CheckError) -> Findings {
        var findings: Findings
        do {
            findings = Findings(
                organization: try await client.organization().id, provider: provider,
                measuredAt: environment.now())
        } catch {
            throw CheckError(error.reason)
        }
        let beganAt = environment.now()
        let id = try await create()
        report("created conversation \(id), marked \(marker)")
        findings.sources = await search(since: beganAt)
        await change(id, &findings)
        await readLimits(&findings)
        if await end(id) {
            await followUp(id, &findings)
        } else {
            findings.leftOpen = id
        }
        guard !Task.isCancelled else {
            throw CheckError(
                "interrupted"
                    + (findings.leftOpen.map { "; end conversation \($0) in Genesys Cloud" } ?? ""))
        }
        return findings
    }

    // MARK: - Steps

    private func create() async throws(CheckError) -> String {
        let members: [(String, JSON)] =
            [("provider", .string(provider)), ("direction", "INBOUND")]
            + target.members(priority: target.priority)
            + [
                ("fromName", "genesys-bridge"), ("fromAddress", "genesys-bridge"),
                ("toName", "genesys-bridge"), ("toAddress", .string(marker)),
                ("subject", "Check of genesys-bridge: nothing to do, it ends by itself"),
                ("attributes", ["bridge.key": .string(marker)]),
            ]
        let outcome: Outcome
        do {
            outcome = Outcome(
                ofCreating: try await client.callAnyway(
                    .create, "POST", "/api/v2/conversations/emails", JSON(members: members)))
        } catch {
            outcome = Outcome(error)
        }
        guard case .delivered(let id?) = outcome else {
            let reason = "creating a conversation: \(outcome.reason ?? outcome.label)"
            guard case .unknown = outcome else { throw CheckError(reason) }
            throw CheckError(
                "\(reason); it may be there all the same: end the one to \(marker) in Genesys Cloud"
            )
        }
        return id
    }

    /// Asks each source in turn until all have shown the conversation, or the patience ends.
    private func search(since beganAt: Timestamp) async -> [LookUpSource: Findings.Measurement] {
        let createdAt = environment.uptime()
        var measured: [LookUpSource: Findings.Measurement] = [:]
        var complaints: [LookUpSource: String] = [:]
        repeat {
            for source in LookUpSource.measurable where measured[source] == nil {
                let now = environment.now()
                do throws(SearchError) {
                    let traces = try await search(source).traces(
                        of: marker, within: min(beganAt, now)...max(beganAt, now))
                    complaints[source] = nil
                    guard !traces.isEmpty else { continue }
                    let wait = environment.uptime() - createdAt
                    measured[source] = .shown(after: wait)
                    report("\(source) shows it after \(wait.milliseconds) ms")
                } catch .blind(let reason) {
                    measured[source] = .missed(reason)
                    report("\(source) cannot be asked: \(reason)")
                } catch {
                    complaints[source] = error.sighting.reason
                }
            }
            guard measured.count < LookUpSource.measurable.count,
                environment.uptime() - createdAt < patience
            else { break }
        } while await pause()
        for source in LookUpSource.measurable where measured[source] == nil {
            let reason =
                complaints[source] ?? "not shown within \(Int(patience.seconds)) seconds"
            measured[source] = .missed(reason)
            report("\(source) does not show it: \(reason)")
        }
        return measured
    }

    private func search(_ source: LookUpSource) -> any ConversationSearch {
        let fences: FencesOfConversations = { _ throws(StoreError) in [:] }
        return source == .attributes
            ? AttributeSearch(client: client, fences: fences)
            : AnalyticsSearch(client: client, provider: provider, fences: fences)
    }

    /// Measures who stands first in it, and what a change of attributes leaves of the others.
    private func change(_ id: String, _ findings: inout Findings) async {
        guard let sender = await conversation(id)?.sender(provider),
            let participant = sender["id"]?.string
        else { return report("the conversation cannot be read") }
        findings.purpose = sender["purpose"]?.string
        report("its first participant is the \(findings.purpose ?? "nameless")")
        guard
            await done(
                "changing attributes", "PATCH",
                "/api/v2/conversations/\(id)/participants/\(participant)/attributes",
                ["attributes": ["bridge.probe": "1"]])
        else { return }
        let changed = await conversation(id) {
            $0.sender(provider)?["attributes"]?["bridge.probe"] != nil
        }
        guard let attributes = changed?.sender(provider)?["attributes"] else {
            return report("a change of attributes is not shown")
        }
        findings.attributeChange = attributes["bridge.key"] == nil ? .replaces : .merges
        report("a change of attributes \(findings.attributeChange?.rawValue ?? "")")
    }

    private func readLimits(_ findings: inout Findings) async {
        do {
            let answer = try await client.callAnyway(
                .account, "GET", "/api/v2/organizations/limits/namespaces/platform.api")
            guard answer.status == 200 else {
                return report("the limits cannot be read: \(answer.complaint)")
            }
            for limit in answer.body?["entities"]?.array ?? [] {
                if let key = limit["key"]?.string { findings.limits[key] = limit["value"]?.integer }
            }
            report("\(findings.limits.count) limits are known")
        } catch {
            report("the limits cannot be read: \(error.reason)")
        }
    }

    /// Ends it, also when the task is cancelled.
    private func end(_ id: String) async -> Bool {
        await Task {
            for attempt in 1...3 {
                if await done(
                    "ending it", "PATCH", "/api/v2/conversations/emails/\(id)",
                    ["state": "disconnected"])
                {
                    report("ended it")
                    return true
                }
                guard attempt < 3, await pause() else { break }
            }
            report("could not end conversation \(id): end it in Genesys Cloud")
            return false
        }.value
    }

    /// Measures what becomes of a message that comes after the end.
    private func followUp(_ id: String, _ findings: inout Findings) async {
        guard await conversation(id, once: \.hasEnded) != nil else {
            return report("it is not shown as ended")
        }
        let place = target.members(priority: 0).filter { $0.0 != "utilizationLabel" }
        let members = [("provider", JSON.string(provider)), ("toAddress", .string(marker))] + place
        let answer: Answer
        do throws(CallError) {
            answer = try await client.callAnyway(
                .conversation, "POST", "/api/v2/conversations/emails/\(id)/inboundmessages",
                JSON(members: members))
        } catch {
            return report("a message after the end: \(error.reason)")
        }
        switch answer.status {
        case 200..<300:
            // It may have become one of its own.
            let continued = answer.body?["id"]?.string ?? id
            let isOpen = await conversation(continued) { !$0.hasEnded } != nil
            findings.followUp = isOpen ? .reconnects : .ignored
            if isOpen, await !end(continued) { findings.leftOpen = continued }
        case 400, 403, 404, 409:
            findings.followUp = .refused
        default:
            return report("a message after the end: \(answer.complaint)")
        }
        report("a message after the end: \(findings.followUp?.rawValue ?? "")")
    }

    // MARK: -

    private func conversation(
        _ id: String, once isSo: (LiveConversation) -> Bool = { _ in true }
    ) async -> LiveConversation? {
        for attempt in 1...Self.tries {
            let answer = try? await client.callAnyway(
                .conversation, "GET", "/api/v2/conversations/\(id)")
            if let answer, answer.status == 200, let body = answer.body {
                let conversation = LiveConversation(body)
                if isSo(conversation) { return conversation }
            }
            guard attempt < Self.tries, await pause() else { break }
        }
        return nil
    }

    private func done(
        _ what: String, _ method: String, _ path: String, _ body: JSON
    ) async -> Bool {
        do {
            let answer = try await client.callAnyway(.conversation, method, path, body)
            if (200..<300).contains(answer.status) { return true }
            report("\(what): \(answer.complaint)")
        } catch {
            report("\(what): \(error.reason)")
        }
        return false
    }

    /// - Returns: whether the task goes on.
    private func pause() async -> Bool {
        do {
            try await environment.sleep(until: environment.uptime() + Self.interval)
            return true
        } catch {
            return false
        }
    }
}
