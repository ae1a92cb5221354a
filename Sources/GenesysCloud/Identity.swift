import Outbox

/// Makes sure, once, that the store's conversations belong to this organisation.
actor Identity {
    private let client: GenesysClient
    private let provider: String
    private let bind: @Sendable (Binding) async throws(StoreError) -> Void
    private var confirming: Task<Result<String, CallError>, Never>?

    init(
        client: GenesysClient, provider: String,
        bind: @escaping @Sendable (Binding) async throws(StoreError) -> Void
    ) {
        self.client = client
        self.provider = provider
        self.bind = bind
    }

    /// - Returns: the organisation's id.
    func confirm() async throws(CallError) -> String {
        let task = confirming ?? Task { await attempt() }
        confirming = task
        let result = await task.value
        if case .failure = result, confirming == task { confirming = nil }
        return try result.get()
    }

    private func attempt() async -> Result<String, CallError> {
        do throws(CallError) {
            let organization = try await client.organization().id
            return await bound(Binding(organization: organization, provider: provider))
        } catch .unknown(let reason) {
            // A read: nothing was changed, so the delivery was certainly not made.
            return .failure(.unreachable(reason))
        } catch {
            return .failure(error)
        }
    }

    private func bound(_ binding: Binding) async -> Result<String, CallError> {
        do {
            try await bind(binding)
            return .success(binding.organization)
        } catch .boundElsewhere(let other) {
            return .failure(
                .unauthorized(
                    "the store belongs to organisation \(other.organization) with provider "
                        + "\"\(other.provider)\", the client to \(binding.organization) with "
                        + "\"\(binding.provider)\"; use another store.path or the former settings"))
        } catch {
            return .failure(.unreachable("the store: \(error)"))
        }
    }
}
