/// The bounds of intake (`intake.*`).
public struct IntakeSettings: Sendable {
    /// Posts a minute for each credential, and as many at once after a pause; `nil` for no limit.
    public var perMinute: Int?
    /// Whether a post without any credential is taken: only for a listener on loopback.
    public var allowUnsigned: Bool
    public var pressure: BackPressure
    public var connections: ConnectionLimits

    public init(
        perMinute: Int? = nil, allowUnsigned: Bool = false,
        pressure: BackPressure = BackPressure(),
        connections: ConnectionLimits = ConnectionLimits()
    ) {
        self.perMinute = perMinute
        self.allowUnsigned = allowUnsigned
        self.pressure = pressure
        self.connections = connections
    }
}
