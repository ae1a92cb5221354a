/// A setting's value as a source gave it, before anybody knows what it should be.
enum RawValue: Sendable, Equatable {
    /// As it is written: `1.10`, `no` and `007` stay what they are.
    case text(String)
    case list([RawValue])
    /// A key or an item without a value.
    case nothing
    /// A section inside a list, or an alias.
    case other
}

/// How a setting's value is written and read.
struct SettingForm<Value: Sendable>: Sendable {
    /// Completes "… is not": `a duration such as 5s`.
    let expected: String
    let isList: Bool
    let read: @Sendable (RawValue) -> Value?
    /// The value as YAML; `nil` for one that means "not set".
    let write: @Sendable (Value) -> String?
    /// What a wrong value most likely means.
    var nearest: @Sendable (RawValue) -> String? = { _ in nil }
    /// Of a list, what is wrong with its first wrong item.
    private var wrongItem: @Sendable (RawValue) -> SettingFault? = { _ in nil }

    init(
        _ expected: String, read: @escaping @Sendable (String) -> Value?,
        write: @escaping @Sendable (Value) -> String?
    ) {
        self.expected = expected
        self.isList = false
        self.read = { raw in
            guard case .text(let text) = raw else { return nil }
            return read(text)
        }
        self.write = write
    }

    /// The same, for a setting that may be left out.
    static func optional<Wrapped: Sendable>(
        _ form: SettingForm<Wrapped>
    ) -> Self where Value == Wrapped? {
        SettingForm(
            expected: form.expected, isList: form.isList,
            read: { form.read($0).map(Optional.some) }, write: { $0.flatMap(form.write) })
    }

    /// One or more of them, or none where that means something.
    static func list<Item: Sendable>(
        _ form: SettingForm<Item>, orNone: Bool = false
    ) -> Self where Value == [Item] {
        var list = SettingForm(
            expected: "a list, each item \(form.expected)", isList: true,
            read: { raw in
                guard case .list(let items) = raw, orNone || !items.isEmpty else { return nil }
                let values = items.compactMap(form.read)
                return values.count == items.count ? values : nil
            },
            write: { values in
                values.isEmpty && !orNone
                    ? nil : "[\(values.compactMap(form.write).joined(separator: ", "))]"
            })
        list.wrongItem = { raw in
            guard case .list(let items) = raw,
                let index = items.firstIndex(where: { form.read($0) == nil })
            else { return nil }
            var fault = form.fault(of: items[index])
            fault.item = index + 1
            return fault
        }
        return list
    }

    /// What is wrong with a value that is not read.
    func fault(of raw: RawValue) -> SettingFault {
        wrongItem(raw) ?? SettingFault(value: raw, expected: expected, nearest: nearest(raw))
    }

    private init(
        expected: String, isList: Bool, read: @escaping @Sendable (RawValue) -> Value?,
        write: @escaping @Sendable (Value) -> String?
    ) {
        self.expected = expected
        self.isList = isList
        self.read = read
        self.write = write
    }
}
