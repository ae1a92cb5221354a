/// Where to look for a conversation whose creation nobody answered for (`retry.lookUp`).
public enum LookUpSource: String, Sendable, CaseIterable {
    /// The analytics detail query, by the address that bears the marker.
    case analytics
    /// The search over participants' attributes, which shows a window of time that is read through.
    case attributes
}
