/// Who wrote; has an `id`, an `email` or both.
public struct Customer: Sendable, Equatable {
    public var id: String?
    public var email: String?
    public var name: String?
    public var firstName: String?
    public var lastName: String?
    public var phone: String?
    /// A language tag, such as `de-DE`.
    public var locale: String?
    public var company: String?

    public init(
        id: String? = nil, email: String? = nil, name: String? = nil, firstName: String? = nil,
        lastName: String? = nil, phone: String? = nil, locale: String? = nil, company: String? = nil
    ) {
        self.id = id
        self.email = email
        self.name = name
        self.firstName = firstName
        self.lastName = lastName
        self.phone = phone
        self.locale = locale
        self.company = company
    }

    /// What their threads are found by: the shop's id, else the email in lower case.
    public var key: String? { id ?? email.map(Self.key(ofEmail:)) }

    /// Only of the letters of ASCII: of some others the lower case is a letter that somebody else has.
    public static func key(ofEmail email: String) -> String {
        String(decoding: email.utf8.map { (65...90).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }

    /// The name to show: the full one, else what the parts make; `nil` if the shop gave none.
    public var displayName: String? {
        if let name, !name.isEmpty { return name }
        let parts = [firstName, lastName].compactMap { $0 }.filter { !$0.isEmpty }
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }
}
