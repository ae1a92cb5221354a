import Foundation

/// The demo shop, as a test sees and changes it.
extension Sandbox {
    /// A callback that the demo shop has kept.
    public struct Callback: Sendable, Equatable {
        public let webhookID: String
        public let type: String
        /// How often it came, whatever it was answered.
        public let attempts: Int
        /// The body as it came.
        public let body: String
    }

    /// The callbacks that the demo shop has kept, the newest last.
    public func callbacks() async -> [Callback] {
        let shop = await organization.shop
        return shop.callbacks.map {
            Callback(
                webhookID: $0.id, type: $0.event.type, attempts: shop.attempts[$0.id] ?? 0,
                body: $0.body)
        }
    }

    /// The same, as soon as there are so many.
    ///
    /// - Throws: `CancellationError` if the task is cancelled before.
    public func callbacks(atLeast count: Int) async throws -> [Callback] {
        try await organization.until { $0.shop.callbacks.count >= count }
        return await callbacks()
    }

    /// Plans how the next callbacks are answered, behind what was planned before.
    public func plan(_ behaviours: ShopBehaviour...) async {
        await organization.changeShop { $0.behaviours += behaviours }
    }
}
