/// A text that is printed nowhere: whatever describes it shows three dots.
struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// The secret itself, for the one place that signs, compares or sends it.
    let text: String

    init(_ text: String) { self.text = text }

    var description: String { "•••" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(reflecting: description) }
}
