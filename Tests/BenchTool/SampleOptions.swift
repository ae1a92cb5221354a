import ArgumentParser

/// Which messages a command is about.
struct SampleOptions: ParsableArguments {
    @Option(help: "The size of a body, in bytes.")
    var bytes = 1024

    @Option(help: "How many messages.")
    var count: Int

    @Option(help: "The number of the first; a number makes the same message each time.")
    var first = 0

    var numbers: Range<Int> { first..<first + count }

    func rows(_ numbers: Range<Int>) throws -> [BareRow] {
        try numbers.map { try BareRow(SampleMessage(number: $0, size: bytes)) }
    }
}
