import ExactJSON
import Logging
import Outbox
import Testing

@testable import Bridge

@Suite struct LogLineTests {
    private let time = Timestamp(milliseconds: 1_772_615_564_120)

    @Test func textIsOneLineForPeople() {
        let line = LogLine.text(colored: false).line(
            at: time, level: .warning, label: "relay", message: "relay stopped",
            metadata: [
                "route": "default", "reason": "403: no such queue", "n": .stringConvertible(3),
            ])
        #expect(
            line == "2026-03-04T09:12:44.120Z warning  relay stopped n=3 "
                + "reason=\"403: no such queue\" route=default")
    }

    @Test func colorIsOnlyWhereItIsAskedFor() {
        let line = LogLine.text(colored: true).line(
            at: time, level: .error, label: "", message: "m", metadata: ["k": "v"])
        #expect(line.contains("\u{1B}[31;1merror   \u{1B}[0m m") && line.contains("v"))
    }

    @Test(arguments: [LogLine.text(colored: false), .json])
    func nothingInAnEventMakesASecondLineOrSteersTheTerminal(form: LogLine) {
        let evil = "a\nb\r\u{1B}[2J\u{2028}\u{85}c"
        let line = form.line(
            at: time, level: .info, label: evil, message: evil,
            metadata: [evil: .string(evil), "list": .array([.string(evil)])])
        let isClean = line.unicodeScalars.allSatisfy {
            $0.properties.generalCategory != .control || form == .json && $0.value > 0x7F
        }
        #expect(isClean && !line.contains("\n"), "\(line)")
    }

    @Test(arguments: [
        ("x\" actor=root", #""x\" actor=root""#), (#"x\" actor=root"#, #""x\\\" actor=root""#),
        ("x\"\u{301} actor=root", "\"x\\\"\u{301} actor=root\""), ("a=\u{301}b", "\"a=\u{301}b\""),
        ("", "\"\""), ("plain", "plain"),
    ])
    func noValueEndsBeforeItsEnd(_ value: String, _ written: String) {
        let line = LogLine.text(colored: false).line(
            at: time, level: .info, label: "", message: "m", metadata: ["k": .string(value)])
        #expect(line.hasSuffix(" m k=\(written)"), "\(line)")
    }

    @Test func jsonIsOneObjectALine() throws {
        let line = LogLine.json.line(
            at: time, level: .info, label: "store", message: "opened \"x\"",
            metadata: [
                "rows": .stringConvertible(12), "path": "/x",
                "list": .array(["a", .dictionary(["b": "c"])]),
            ])
        #expect(
            line == """
                {"time":"2026-03-04T09:12:44.120Z","level":"info","label":"store",\
                "message":"opened \\"x\\"","metadata":{"list":["a",{"b":"c"}],"path":"/x","rows":12}}
                """)
    }

    @Test func aHandlerMergesWhatIsNearerOverWhatIsFarther() async throws {
        let lines = AsyncStream<String>.makeStream()
        var logger = Logger(label: "l") { label in
            LineLogHandler(
                label: label, form: .text(colored: false), now: { Timestamp(milliseconds: 0) },
                output: { lines.continuation.yield($0) }, logLevel: .info)
        }
        logger[metadataKey: "shop"] = "de"
        logger[metadataKey: "entry"] = "1"
        logger.debug("below the level")
        logger.info("taken", metadata: ["entry": "2"])
        lines.continuation.finish()
        var seen: [String] = []
        for await line in lines.stream { seen.append(line) }
        #expect(seen == ["1970-01-01T00:00:00.000Z info     taken entry=2 shop=de"])
    }
}
