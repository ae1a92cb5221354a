import HTTPTypes

/// A call that was let in: whose it is, and what its path names.
struct AdmittedCall {
    let call: Call
    let token: Token
    /// What stands in the path where the operation has `{}`.
    let parameters: [String]
}

/// One operation of the API: where it is, what it needs, and what it does.
struct Operation: Sendable {
    typealias Perform =
        @Sendable (isolated Organization, AdmittedCall) throws(APIError) -> Answer

    let method: HTTPRequest.Method
    /// The segments of the path; `{}` stands for any one.
    let path: [Substring]
    /// All of them are needed.
    let permissions: [String]
    /// If there are any, one of them is needed.
    let anyPermission: [String]
    let perform: Perform

    init(
        _ method: HTTPRequest.Method, _ path: String, permissions: [String] = [],
        any anyPermission: [String] = [], perform: @escaping Perform
    ) {
        self.method = method
        self.path = path.split(separator: "/")
        self.permissions = permissions
        self.anyPermission = anyPermission
        self.perform = perform
    }

    /// All that there are; where two paths fit a call, the one that stands first is meant.
    static let all =
        conversations + changes + participants + wrapupCodes + searches + responses + accounts
        + limits
        + notifications

    func checkPermissions(_ granted: [String]) throws(APIError) {
        let missing = permissions.filter { !granted.contains($0) }
        guard missing.isEmpty else { throw .missingPermissions(missing) }
        guard anyPermission.isEmpty || anyPermission.contains(where: granted.contains) else {
            throw .missingAnyPermissions(anyPermission)
        }
    }

    /// The operation that a call means, and the parameters in its path.
    static func find(_ call: Call) throws(APIError) -> (Operation, parameters: [String]) {
        let segments = call.path.split(separator: "/")
        guard let first = all.first(where: { fits(segments, $0.path) }) else {
            throw .notFound
        }
        let there = all.filter { $0.path == first.path }
        guard let operation = there.first(where: { $0.method == call.method }) else {
            throw .methodNotAllowed(allow: there.map(\.method.rawValue).joined(separator: ", "))
        }
        let parameters = zip(segments, first.path).filter { $0.1 == "{}" }.map { String($0.0) }
        return (operation, parameters)
    }

    private static func fits(_ segments: [Substring], _ path: [Substring]) -> Bool {
        segments.count == path.count
            && zip(segments, path).allSatisfy { $0.1 == "{}" || $0.0 == $0.1 }
    }
}
