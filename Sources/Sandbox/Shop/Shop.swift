import Foundation
import NIOCore

/// The demo shop: posts its customers' messages to the bridge, and receives its callbacks.
struct Shop: Sendable {
    let organization: Organization

    var link: Sandbox.BridgeLink? {
        organization.options.bridge
    }

    /// Posts what a customer has written, and returns what became of it.
    func write(_ text: String, about order: ShopOrder) async -> ShopMessage? {
        let message = ShopMessage(order: order, text: text, sent: organization.options.now())
        await organization.changeShop { $0.append(message) }
        return await post(message)
    }

    /// Posts a message, which may have been posted before.
    func post(_ message: ShopMessage) async -> ShopMessage? {
        guard let link else { return nil }
        let now = organization.options.now()
        let post = HTTPPost(
            host: link.host, port: link.port, path: "/v1/messages",
            headers: link.secret.headers(id: message.event, body: message.body, at: now)
                + [("Content-Type", "application/json")],
            body: message.body)
        await organization.changeShop { $0.set(.sending, nil, of: message.id) }
        let status: ShopMessage.Status
        var detail: String?
        do {
            let response = try await post.send()
            detail = Problem(response)?.text
            switch response.status {
            case 200..<300:
                status = .accepted
            case 408, 429, 500...:
                status = .unsent
                detail = detail ?? "The bridge answered \(response.status)."
            default:
                status = .refused
                detail = detail ?? "The bridge answered \(response.status)."
            }
        } catch {
            status = .unsent
            detail = "The bridge at \(link.bridge) did not answer."
        }
        let settled = (status, detail)
        await organization.changeShop { $0.set(settled.0, settled.1, of: message.id) }
        return await organization.shop.message(message.id)
    }

    /// Why the bridge says it did not take a message.
    private struct Problem: Decodable {
        let title: String?
        let detail: String?

        var text: String? { detail ?? title }

        init?(_ response: HTTPPost.Response) {
            guard response.status >= 400,
                let problem = try? JSONDecoder().decode(
                    Self.self, from: Data(response.body.readableBytesView))
            else { return nil }
            self = problem
        }
    }
}

extension Organization {
    func changeShop<Result: Sendable>(
        _ change: @Sendable (inout ShopBook) -> Result
    ) -> Result {
        defer { wake() }
        return change(&shop)
    }
}
