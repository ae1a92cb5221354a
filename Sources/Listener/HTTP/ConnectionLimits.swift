public import NIOCore

/// How long a client may take and how much it may send before it is cut off.
public struct ConnectionLimits: Sendable {
    /// From the first byte of a request's head to its last.
    public var head: TimeAmount
    /// From the end of a head to the end of the body, besides a second for each 64 KiB that it announces.
    public var body: TimeAmount
    /// Without a byte in either direction, while no answer is being worked on.
    public var idle: TimeAmount
    /// For the client to read the last answer before the connection is closed under its hands.
    public var linger: TimeAmount
    /// For requests under way when the listener stops.
    public var drain: TimeAmount
    /// Of a head, in bytes.
    public var maxHead: Int
    /// Of a body, in bytes: whoever announces more is not asked to send it.
    public var maxBody: Int

    public init(
        head: TimeAmount = .seconds(10), body: TimeAmount = .seconds(30),
        idle: TimeAmount = .seconds(60), linger: TimeAmount = .seconds(2),
        drain: TimeAmount = .seconds(5), maxHead: Int = 32 << 10, maxBody: Int = 1 << 20
    ) {
        self.head = head
        self.body = body
        self.idle = idle
        self.linger = linger
        self.drain = drain
        self.maxHead = maxHead
        self.maxBody = maxBody
    }

    /// For a large body no longer than a poor line needs; nobody gets more time by announcing more than 64 MiB.
    func body(of length: Int) -> TimeAmount {
        body + .seconds(Int64(min(max(0, length), 64 << 20) >> 16))
    }
}
