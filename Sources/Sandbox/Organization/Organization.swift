import Foundation
import HTTPTypes
import NIOCore

/// The pretend organization: everything that calls can change, and what they are answered.
actor Organization {
    /// What is to be done with a call.
    enum Reception: Sendable {
        case answered(Answer)
        /// A fault of the socket strikes; the answer is there if the call was applied already.
        case struck(Sandbox.Fault, number: Int, Answer?)
    }

    let options: Sandbox.Options
    var settings: Sandbox.Settings
    var limit: Sandbox.Limit?
    var conversations = ConversationBook()
    var plan = FaultPlan()
    /// Draws for the faults that strike by chance.
    var generator: SeededGenerator
    var journal: Journal
    var barrier = Barrier()
    var tokens: [String: Token] = [:]
    var tokensIssued = 0
    /// The agents' logins that still are to be exchanged for a token, by their code.
    var codes: [String: LoginCode] = [:]
    /// The id of the agent by the secret in the browser's cookie.
    var sessions: [String: String] = [:]
    /// By the name of a token, or the id of a client.
    var windows: [String: RateWindow] = [:]
    var watchers: [UUID: Watcher] = [:]
    var shop = ShopBook()
    var channels = ChannelBook()
    var feedFaults = Sandbox.FeedFaults()
    /// Where channels are connected to, as in `ws://127.0.0.1:8092`.
    var feedOrigin = ""

    init(_ options: Sandbox.Options) {
        self.options = options
        settings = options.settings
        generator = SeededGenerator(seed: settings.seed)
        limit = options.limit
        journal = Journal(capacity: options.journalCapacity)
    }

    /// Takes a call in, with the next fault that is planned for its kind.
    func receive(_ call: Call) -> Reception {
        defer { wake() }
        tick()
        let fault = plan.take(for: call.kind, using: &generator)
        let number = journal.append(call, at: options.now().journalText, fault: fault?.action)
        guard let fault, fault.isOfTheSocket else {
            let answer = apply(call, number: number, fault: fault)
            sent(answer, number: number)
            return .answered(answer)
        }
        guard fault.applied else {
            let token = call.credentials("bearer").flatMap { tokens[$0] }
            journal.update(number) { $0.token = token?.name }
            return .struck(fault, number: number, nil)
        }
        return .struck(fault, number: number, apply(call, number: number))
    }

    /// Carries the call out and says what its answer is.
    func apply(_ call: Call, number: Int, fault: Sandbox.Fault? = nil) -> Answer {
        defer { wake() }
        let correlation = UUID().text
        var answer: Answer
        if call.path == "/oauth/token" {
            answer = login(call, number: number, fault: fault, correlation: correlation)
        } else if call.path == "/oauth/authorize" {
            let struck = fault?.action == .status ? fault : nil
            answer =
                struck.map { $0.page ?? $0.loginAnswer(correlation: correlation) }
                ?? authorize(call)
        } else {
            var rate: RateWindow.Reading?
            do throws(APIError) {
                answer = try perform(call, number: number, fault: fault, rate: &rate)
            } catch {
                answer = fault?.page ?? error.answer(correlation: correlation)
            }
            if let rate {
                answer.add(rate)
            }
        }
        answer.headers[.correlationID] = correlation
        return answer
    }

    /// Notes in the journal that this answer left, in whole or in part.
    func sent(_ answer: Answer, number: Int) {
        journal.update(number) { $0.answer = $0.call.withoutSecrets(answer) }
        wake()
    }

    /// Holds a call; the future says whether it may go on or its client has left.
    func hold(_ number: Int, on eventLoop: any EventLoop) -> EventLoopFuture<Bool> {
        let promise = eventLoop.makePromise(of: Bool.self)
        barrier.hold(number, promise)
        wake()
        return promise.futureResult
    }

    func leave(_ number: Int) {
        barrier.leave(number)
        wake()
    }
}

// MARK: - Calls

extension Organization {
    private func perform(
        _ call: Call, number: Int, fault: Sandbox.Fault?, rate: inout RateWindow.Reading?
    ) throws(APIError) -> Answer {
        guard call.path.hasPrefix("/api/") else { throw .notFound }
        guard let bearer = call.credentials("bearer") else { throw .authenticationRequired }
        if fault?.action == .expireToken {
            tokens[bearer] = nil
        }
        guard let token = tokens[bearer], options.now() < token.expires else {
            throw .badCredentials
        }
        journal.update(number) { $0.token = token.name }
        let reading = count(token)
        rate = reading
        guard !reading.exceeded else {
            throw .tooManyRequests(retryAfter: reading.reset, limit: reading.allowed)
        }
        if let fault, fault.action == .status, !fault.applied { throw fault.error }
        guard call.body.count <= Call.maximumBody else {
            throw .tooLarge(maximum: Call.maximumBody)
        }
        let (operation, parameters) = try Operation.find(call)
        try operation.checkPermissions(permissions(of: token))
        let answer = try operation.perform(
            self, AdmittedCall(call: call, token: token, parameters: parameters))
        journal.update(number) { $0.applied = true }
        if let fault, fault.action == .status { throw fault.error }
        return answer
    }

    func permissions(of token: Token) -> [String] {
        if let agent = token.agent {
            return settings.agents.first { $0.id == agent }?.permissions ?? []
        }
        return settings.clients.first { $0.id == token.client }?.permissions ?? []
    }

    private func count(_ token: Token) -> RateWindow.Reading {
        let key = settings.limitPer == .token ? token.name : token.client
        return windows[key, default: RateWindow()].count(at: options.now(), limit: limit)
    }

    private func login(
        _ call: Call, number: Int, fault: Sandbox.Fault?, correlation: String
    ) -> Answer {
        if let fault, fault.action == .status, !fault.applied {
            return fault.page ?? fault.loginAnswer(correlation: correlation)
        }
        do throws(LoginError) {
            let token =
                switch try Grant(call, settings: settings) {
                case .client(let client): issue(to: client, for: nil)
                case .code(let grant): issue(to: grant.client, for: try redeem(grant).agent)
                }
            journal.update(number) {
                $0.token = tokens[token.access_token]?.name
                $0.applied = true
            }
            if fault?.action == .expireToken {
                tokens[token.access_token] = nil
            }
            if let fault, fault.action == .status {
                return fault.page ?? fault.loginAnswer(correlation: correlation)
            }
            return .json(token)
        } catch {
            return error.answer(badClientStatus: settings.badClientStatus)
        }
    }

    /// A new token of a client: its own, or an agent's who has logged in there.
    func issue(to client: String, for agent: String?) -> AccessToken {
        tokensIssued += 1
        let access = Self.secret()
        let lifetime = settings.tokenLifetime
        tokens[access] = Token(
            name: "\(agent ?? client)#\(tokensIssued)", client: client, agent: agent,
            expires: options.now().addingTimeInterval(Double(lifetime)))
        return AccessToken(access_token: access, token_type: "bearer", expires_in: lifetime)
    }
}
