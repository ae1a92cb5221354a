import HTTPTypes

extension HTTPFields {
    /// What the subscript of that name gives, without its detour over a list for a field that stands once,
    /// as nearly all do.
    func value(_ name: HTTPField.Name) -> String? {
        var found: String?
        for field in self where field.name == name {
            guard found == nil else { return self[name] }
            found = field.value
        }
        return found
    }

    /// The value of a field that stands exactly once.
    func single(_ name: HTTPField.Name) -> String? {
        var found: String?
        for field in self where field.name == name {
            guard found == nil else { return nil }
            found = field.value
        }
        return found
    }
}
