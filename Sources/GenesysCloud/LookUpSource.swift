/// Where to look for a conversation whose creation nobody answered for (`retry.lookUp`).
public enum LookUpSource: String, Sendable, CaseIterable {
    /// What was told of conversations as it happened: an answer at once, where it has seen the marker.
    case feed
    /// The analytics detail query, by the address that bears the marker.
    case analytics
    /// The search over participants' attributes, which shows a window of time that is read through.
    case attributes

    /// Those that may prove that there is nothing, once they are known to show such conversations at all.
    public static let measurable: [LookUpSource] = [.analytics, .attributes]
}
