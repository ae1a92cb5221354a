import ArgumentParser
import Foundation
import NIOPosix

struct LoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load", abstract: "Posts signed messages, and tells how long each took.")

    @Option(help: "Where on 127.0.0.1.")
    var port: Int

    @Option(help: "The shop's signing secret.")
    var secret: String

    @OptionGroup
    var sample: SampleOptions

    @Option(help: "How many connections.")
    var connections = 64

    @Option(
        help:
            "Messages a second, due whatever becomes of the earlier ones; else as many as there are answers."
    )
    var rate: Double?

    @Option(help: "A file for the number of each message and when it was sent, in µs since 1970.")
    var sent: String?

    func run() async throws {
        let messages = sample.numbers.lazy.map { SampleMessage(number: $0, size: sample.bytes) }
        let posts = SignedPosts(messages, to: "/v1/messages", secret: secret)
        let load = Load(posts, perSecond: rate, on: MultiThreadedEventLoopGroup.singleton.any())
        let usage = Usage()
        let time = try await load.run(to: "127.0.0.1", port: port, connections: connections)
        load.figures.report(over: time, usage.figures)
        guard let sent else { return }
        let lines = zip(sample.numbers, load.sent).map { "\($0) \($1)\n" }.joined()
        try lines.write(toFile: sent, atomically: true, encoding: .utf8)
    }
}
