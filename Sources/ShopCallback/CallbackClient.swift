public import CurlTransport
public import Outbox

/// Posts signed notices to one shop.
public struct CallbackClient: Sendable {
    /// From connecting to the end of the answer: Standard Webhooks asks for 15 to 30 s.
    static let timeout = Duration.seconds(15)
    /// Of an answer's body, which is only looked into for the reason of a refusal.
    static let maxAnswer = 64 << 10

    private let address: CallbackAddress
    private let secrets: [SigningSecret]
    private let transport: CurlTransport
    private let environment: Environment

    /// - Parameter transport: its user agent is what the shop sees.
    public init(
        _ profile: CallbackProfile, transport: CurlTransport, environment: Environment
    ) {
        address = profile.address
        secrets = profile.secrets
        self.transport = transport
        self.environment = environment
    }

    /// Sends the notice once, as of now, and says what came of it.
    public func post(_ notice: Notice) async -> Report {
        do throws(TransportError) {
            let response = try await transport.send(request(notice))
            let now = Int(environment.now().milliseconds / 1000)
            return Report(Outcome(ofCallback: response, now: now), status: response.status)
        } catch {
            switch error {
            case .notSent(let reason): return Report(.unreachable(reason))
            // The shop may have it: then the id tells it so the next time.
            case .unknown(let reason): return Report(.failed(after: nil, reason))
            }
        }
    }

    func request(_ notice: Notice) -> TransportRequest {
        let body = notice.body
        let seconds = environment.now().milliseconds / 1000
        let signatures = secrets.map {
            $0.signature(id: notice.id, seconds: seconds, body: body)
        }
        var request = TransportRequest(
            method: "POST", url: address.url,
            headers: [
                ("Content-Type", "application/json"),
                ("Accept", "application/problem+json, application/json"),
                ("webhook-id", notice.id), ("webhook-timestamp", "\(seconds)"),
                ("webhook-signature", signatures.joined(separator: " ")),
            ],
            body: body, timeout: Self.timeout, maxResponseBody: Self.maxAnswer)
        request.cutsResponseBody = true
        request.refusalOfAddress = { [address] in address.refusal(of: $0) }
        return request
    }
}
