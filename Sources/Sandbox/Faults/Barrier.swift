import NIOCore

/// The calls that are held until someone releases them.
struct Barrier {
    private var held: [Int: EventLoopPromise<Bool>] = [:]

    var count: Int {
        held.count
    }

    /// Holds the call of that journal number until the promise is kept: `true` = go on.
    mutating func hold(_ number: Int, _ promise: EventLoopPromise<Bool>) {
        held[number] = promise
    }

    /// The client of that call has left.
    mutating func leave(_ number: Int) {
        held.removeValue(forKey: number)?.succeed(false)
    }

    /// Lets every held call go on, and returns how many there were.
    mutating func release() -> Int {
        let released = held
        held = [:]
        for promise in released.values {
            promise.succeed(true)
        }
        return released.count
    }
}
