/// What is wrong with a value that a form does not read.
struct SettingFault: Sendable {
    /// Which item of a list it is, counted from 1; `nil` for a value that is wrong as a whole.
    var item: Int?
    var value: RawValue
    /// Completes "… is not".
    var expected: String
    /// What it most likely means.
    var nearest: String?

    /// What a message says after the key.
    ///
    /// - Parameter secret: whether the value is not to be repeated.
    func message(secret: Bool) -> String {
        (item.map { ": item \($0)" } ?? "")
            + " is \(value.description(secret: secret)), not \(expected)."
            + (nearest.map { " Did you mean \($0)?" } ?? "")
    }
}

extension RawValue {
    fileprivate func description(secret: Bool) -> String {
        switch self {
        case .nothing: "without a value"
        case .text(""), .list([]): "empty"
        case .text(let text) where !secret: "“\(text)”"
        case .list(let items) where !secret: "[\(items.map(\.bare).joined(separator: ", "))]"
        case .text, .list, .other: "something else"
        }
    }

    /// Within a list.
    private var bare: String {
        if case .text(let text) = self { text } else { description(secret: false) }
    }
}
