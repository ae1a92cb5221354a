import CurlTransport
import ExactJSON
import Outbox
import Testing

@testable import Bridge

@Suite struct OpsClientTests {
    private let anna = """
        ops: {tokens: {anna: {secret: 0123456789abcdef, scope: read},
                       bert: {secret: fedcba9876543210, scope: write}}}
        listen: {ops: "0.0.0.0:9999"}
        """

    private func access(
        url: String? = nil, _ environment: [String: String] = [:], yaml: String = ""
    ) throws -> OpsAccess {
        try OpsAccess(
            url: url, environment: environment,
            settings: { Settings.read(SettingsInput(yaml: yaml)).settings })
    }

    @Test func theSettingsTellWhereTheDaemonIsAndLendItsStrongestToken() throws {
        #expect(try access().origin.description == "http://127.0.0.1:8081")
        #expect(try access().token == nil)
        let access = try access(yaml: anna)
        #expect(access.origin.description == "http://127.0.0.1:9999")
        #expect(access.token?.text == "fedcba9876543210")
    }

    @Test func aTokenOfTheSettingsGoesToNoOtherAddress() throws {
        let named = try access(url: "https://bridge.example.com", yaml: anna)
        #expect(named.token == nil)
        let environment = [
            "GENESYS_BRIDGE_URL": "http://[::1]:1", "GENESYS_BRIDGE_TOKEN": "t\n",
        ]
        let other = try access(environment, yaml: anna)
        #expect(other.origin.description == "http://[::1]:1" && other.token?.text == "t")
        #expect(throws: CommandFailure.self) { try access(["GENESYS_BRIDGE_URL": "x"]) }
        #expect(throws: CommandFailure.self) { try access(yaml: "listen: {ops: '127.0.0.1:0'}") }
    }

    @Test(arguments: [
        (401, CommandFailure.Code.notAllowed, "Set $GENESYS_BRIDGE_TOKEN"),
        (403, .notAllowed, "scope is write"), (404, .notFound, "no such entry"),
        (409, .data, "no such entry"), (422, .data, "no such entry"), (429, .temporary, "later"),
        (500, .software, "no such entry"), (503, .temporary, "later"),
    ])
    func aRefusalSaysWhatToDo(status: Int, code: CommandFailure.Code, text: String) async throws {
        let client = try OpsClient(answering: status, #"{"title":"x","detail":"no such entry"}"#)
        let failure = await #expect(throws: CommandFailure.self) {
            try await client.ask("GET", "/outbox/1")
        }
        #expect(failure?.code == code)
        #expect(failure?.description.contains(text) == true)
    }

    @Test func aDaemonThatIsNotThereIsNamed() async throws {
        let client = OpsClient(
            access: try access(), send: { _ throws(TransportError) in throw .notSent("refused") })
        let failure = await #expect(throws: CommandFailure.self) {
            try await client.ask("GET", "/outbox")
        }
        #expect(failure?.code == .unavailable)
        #expect(failure?.message == "There is no answer at http://127.0.0.1:8081: refused.")
    }

    @Test func aRequestBearsTheTokenAndAnEscapedPath() async throws {
        let client = OpsClient(access: try access(yaml: anna)) { request in
            #expect(request.url == "http://127.0.0.1:9999/outbox/a%2Fb%20%C3%BC/retry")
            #expect(
                request.headers.map { "\($0.name): \($0.value)" } == [
                    "Accept: application/json", "Authorization: Bearer fedcba9876543210",
                    "Content-Type: application/json",
                ])
            return TransportResponse(status: 200, body: request.body ?? [])
        }
        let answer = try await client.ask(
            "POST", "/outbox/\("a/b ü".escaped)/retry", body: ["may_double": true])
        #expect(answer == Array(#"{"may_double":true}"#.utf8))
    }

    @Test func aStreamHandsOnWhatComesAndThenHowItEnded() async throws {
        let client = OpsClient(access: try access()) { request throws(TransportError) in
            request.onBody?(Array("a\n".utf8))
            request.onBody?(Array("b".utf8))
            throw .unknown("reset")
        }
        var seen: [UInt8] = []
        await #expect(throws: TransportError.unknown("reset")) {
            for try await chunk in client.stream("/outbox/stream", accepting: "x") {
                seen += chunk
            }
        }
        #expect(seen == Array("a\nb".utf8))
    }

    @Test func aStreamThatIsRefusedSaysWhy() async throws {
        let client = try OpsClient(answering: 401, "{}")
        let failure = await #expect(throws: CommandFailure.self) {
            for try await _ in client.stream("/outbox/stream", accepting: "x") {}
        }
        #expect(failure?.code == .notAllowed)
    }
}

@Suite struct OutboxReportTests {
    @Test func theStatusShowsWhatIsStoppedAndWhatToDo() throws {
        let lines = StatusReport(
            try JSON(
                parsing: """
                    {"counts":{"pending":12,"sending":1,"in_doubt":2,"delivered":5,"held":0,"dead":0,"discarded":0},
                     "oldest_pending_seconds":3725,"awaiting_agent":{"threads":4,"longest_seconds":59,"forgotten":1},
                     "concerns":{"again":2,"unanswered":3,"refused":1},
                     "feed":{"connected_seconds":null,"trouble":"refused","live":0,
                       "rejected":[{"queue":"q2","reason":"403"}]},
                     "in_flight":1,"delivered_last_minute":250,"drain_seconds":90,
                     "destinations":[{"name":"genesys","open":true,"closed":null,"per_minute":270,
                       "quota":{"used":7,"allowed":300,"resets_in_seconds":3},
                       "stopped_calls":{"analytics":{"reason":"500","seconds":9,"next_probe_seconds":21}}}],
                     "routes":[{"name":"default","stopped":{"reason":"403","seconds":60,"next_probe_seconds":null}}],
                     "last_change":9,"entries":[],"next":null}
                    """.utf8)
        ).lines(colored: false)
        #expect(
            lines == [
                "pending           12", "sending           1", "in_doubt          2",
                "held              0", "delivered         5", "dead              0",
                "discarded         0", "",
                "pace              250 delivered in the last minute, 1 under way; clears in about 1 min",
                "oldest pending    1 h 2 min", "awaiting agent    4 threads, the longest 59 s",
                "to see to         3 customers without an answer, 1 answers refused by a shop",
                "again             2 are created again by themselves",
                "forgotten         1 customers whom nobody has",
                "genesys           open, at most 270 calls a minute, 7 of 300 used",
                "calls: analytics  stopped for 9 s: 500; next try in 21 s",
                "route default     stopped for 1 min: 403; being tried now",
                "changes           not told: refused",
                "queue q2          its changes are not told: 403", "",
                "2 in_doubt: Genesys may have them or not: they are being looked for. "
                    + "genesys-bridge outbox list --state in_doubt",
            ])
    }

    @Test func whoIsToBeSeenToIsATable() throws {
        let list = try JSON(
            parsing: """
                {"concerns":[{"kind":"unanswered","shop":"de","thread":"order:1","since":"T",
                  "due_at":null,"entry":null,"reason":"no answer"}]}
                """.utf8)
        #expect(
            ConcernList(list).lines(colored: false) == [
                "WHAT        SINCE  SHOP  THREAD   WHY",
                "unanswered  T      de    order:1  no answer",
            ])
        #expect(
            ConcernList(["concerns": []]).lines(colored: false) == ["Nobody has to be seen to."])
    }

    @Test func aListIsATable() throws {
        let list = try JSON(
            parsing: """
                {"entries":[{"id":"06f9","shop":"de","destination":"shop:de","kind":"event","thread":"order:1","state":"dead","accepted_at":"T",
                 "due_at":null,"tries":3,"reason":"404: gone","reference":null}],"next":"/outbox?after=06f9"}
                """.utf8)
        #expect(
            EntryList(list).lines(colored: false) == [
                "ID    STATE  TO               ACCEPTED  TRIES  SHOP  THREAD   DETAIL",
                "06f9  dead   shop:de (event)  T         3      de    order:1  404: gone",
                "Older ones: add --after 06f9",
            ])
        #expect(EntryList(["entries": []]).lines(colored: false) == ["There is no such entry."])
    }

    @Test func anEntryIsShownWithEveryAttempt() throws {
        let entry = try JSON(
            parsing: """
                {"id":"06f9","shop":"de","thread":"t","lane":"L","route":"default","state":"held",
                 "accepted_at":"T","due_at":null,"tries":1,"reason":"x","reference":null,"lane_held":true,
                 "attempts":[{"number":1,"started_at":"A","ended_at":null,"outcome":null,"reason":null,
                              "status":503,"correlation":"c"}]}
                """.utf8)
        let lines = EntryReport(entry).lines(colored: false)
        #expect(lines.prefix(2) == ["entry     06f9", "state     held"])
        #expect(lines.contains("lane      L, held"))
        #expect(
            lines.suffix(2) == [
                "#  STARTED  ENDED  OUTCOME  HTTP  CORRELATION  REASON",
                "1  A                        503   c            ",
            ])
    }

    @Test func aChangeIsOneLine() throws {
        let change = try JSON(
            parsing: """
                {"sequence":1,"entry":"06f9","shop":"de","thread":"t\\n1","state":"in_doubt","at":"T",
                 "reason":"reset","actor":"anna"}
                """.utf8)
        #expect(change.tailLine(colored: false) == "T  in_doubt   06f9  de/t\\n1  reset  by anna")
    }

    @Test func linesAreWholeHoweverTheyArrive() {
        var splitter = LineSplitter()
        #expect(splitter.add(Array("a\nbé".utf8.dropLast())) == ["a"])
        #expect(splitter.add(Array("bé\n\nc\n".utf8.dropFirst(2))) == ["bé", "", "c"])
    }

    @Test(arguments: [
        (0, "0 s"), (59, "59 s"), (60, "1 min"), (150, "2 min"), (3600, "1 h"), (90_000, "1 d 1 h"),
    ])
    func aTimeIsToldInItsLargestUnits(seconds: Int, text: String) {
        #expect(span(seconds) == text)
    }
}

extension OpsClient {
    fileprivate init(answering status: Int, _ body: String) throws {
        self.init(
            access: try OpsAccess(
                url: "http://127.0.0.1:1", environment: [:], settings: { Settings() }),
            send: { _ in TransportResponse(status: status, body: Array(body.utf8)) })
    }
}
