import ExactJSON

/// The members of one object, read by name and with their bounds.
///
/// A member that is null counts as absent where a function returns an optional; every bound of length
/// counts Unicode scalars, as JSON Schema does.
struct Fields {
    let path: String
    private let members: [JSON.Member]

    /// - Throws: a `FieldError` that blames `path` if the value is no object.
    init(_ value: JSON, at path: String) throws(FieldError) {
        guard case .object(let members) = value else {
            throw FieldError(field: path, problem: "has to be an object")
        }
        self.path = path
        self.members = members
    }

    subscript(name: String) -> JSON? {
        for member in members where member.name == name {
            if case .null = member.value { return nil }
            return member.value
        }
        return nil
    }

    /// Whether the member is there, be it null.
    func has(_ name: String) -> Bool { members.contains { $0.name == name } }

    var all: [JSON.Member] { members }

    func path(to name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    func error(_ name: String, _ problem: String) -> FieldError {
        FieldError(field: path(to: name), problem: problem)
    }

    func object(_ name: String) throws(FieldError) -> Fields? {
        guard let value = self[name] else { return nil }
        return try Fields(value, at: path(to: name))
    }

    /// The elements that are no null, each as an object.
    func objects(_ name: String, max: Int) throws(FieldError) -> [Fields] {
        guard let value = self[name] else { return [] }
        guard let elements = value.array else { throw error(name, "has to be an array") }
        guard elements.count <= max else { throw error(name, "has more than \(max) elements") }
        var objects: [Fields] = []
        for (index, element) in elements.enumerated() where element != .null {
            objects.append(try Fields(element, at: "\(path(to: name))[\(index)]"))
        }
        return objects
    }

    func require<Value>(_ name: String, _ value: Value?) throws(FieldError) -> Value {
        guard let value else {
            throw error(name, has(name) ? "must not be null" : "is missing")
        }
        return value
    }

    /// A member that may be left out but, unlike the others, must not be null.
    func notNull(_ name: String) throws(FieldError) {
        if has(name), self[name] == nil { throw error(name, "must not be null") }
    }
}

extension Fields {
    /// One line of text: a control character, which could end it, becomes a space.
    func line(_ name: String, max: Int) throws(FieldError) -> String? {
        try string(name, max: max)?.asOneLine
    }

    /// Text with its line ends and tabs; other control characters are taken out.
    func text(_ name: String, max: Int) throws(FieldError) -> String? {
        try string(name, max: max)?.withoutControls
    }

    /// A name of something, kept to the letter: a string, or an integer by the text it is written with.
    func id(_ name: String, max: Int = 255) throws(FieldError) -> String? {
        guard let value = self[name] else { return nil }
        switch value {
        case .number(let lexeme):
            guard lexeme.utf8.allSatisfy({ $0 == UInt8(ascii: "-") || $0.isDigit }) else {
                throw error(
                    name, "has to be a string or an integer; a fraction or exponent loses digits")
            }
            guard lexeme.utf8.count <= max else { throw tooLong(name, max) }
            return lexeme
        case .string(let text):
            guard !text.isEmpty else { throw error(name, "must not be empty") }
            return try key(name, max: max)
        default:
            throw error(name, "has to be a string or an integer")
        }
    }

    /// A string kept to the letter, and so without control characters.
    func key(_ name: String, max: Int) throws(FieldError) -> String? {
        guard let text = try string(name, max: max) else { return nil }
        guard !text.hasControls() else {
            throw error(name, "must not contain control characters")
        }
        return text
    }

    /// An amount: a string of at most 15 digits and 6 decimals, or a number, by its text.
    func money(_ name: String) throws(FieldError) -> String? {
        if case .string(let text)? = self[name] {
            guard text.isMoney else {
                throw error(name, "has to be an amount such as \"12.90\"")
            }
            return text
        }
        return try number(name, or: "an amount such as 12.90")
    }

    func number(_ name: String, or kind: String = "a number") throws(FieldError) -> String? {
        guard let value = self[name] else { return nil }
        guard case .number(let lexeme) = value else { throw error(name, "has to be \(kind)") }
        guard lexeme.utf8.count <= 64 else { throw tooLong(name, 64) }
        return lexeme
    }

    /// A whole number of things, by its text.
    func count(_ name: String) throws(FieldError) -> String? {
        guard let lexeme = try number(name, or: "a whole number") else { return nil }
        guard lexeme.utf8.allSatisfy(\.isDigit) else {
            throw error(name, "has to be a whole number, not negative")
        }
        return lexeme
    }

    func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, default choice: Choice
    ) throws(FieldError) -> Choice where Choice.RawValue == String {
        guard has(name) else { return choice }
        guard let text = self[name]?.string, let choice = Choice(rawValue: text) else {
            let choices = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw error(name, "has to be one of \(choices)")
        }
        return choice
    }

    func string(_ name: String, max: Int) throws(FieldError) -> String? {
        guard let value = self[name] else { return nil }
        guard let text = value.string else { throw error(name, "has to be a string") }
        guard text.utf8.count <= max || text.unicodeScalars.count <= max else {
            throw tooLong(name, max)
        }
        return text
    }

    private func tooLong(_ name: String, _ max: Int) -> FieldError {
        error(name, "is longer than \(max) characters")
    }
}
