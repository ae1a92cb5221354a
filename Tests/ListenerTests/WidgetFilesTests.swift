import ExactJSON
import Outbox
import TestSupport
import Testing

@testable import Listener

@Suite(.timeLimit(.minutes(15))) struct WidgetFilesTests {
    private var scene = Scene()

    init() { scene.settings.maxFile = 3 << 20 }

    @Test func aFileGoesOutWithAnAnswerAndTheShopFetchesIt() async throws {
        let fields = try await atWork()
        // More than what other routes take, and no round number of parts.
        let bytes = (0..<(2 << 20) + 7).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let taken = try await upload(bytes, fields, name: "Rechnung%20%C3%BC.pdf")
        #expect(taken.status == 201)
        #expect(taken.json?["name"] == "Rechnung ü.pdf")
        #expect(taken.json?["size"] == JSON(bytes.count))
        let id = try #require(taken.json?["id"]?.string)
        let sent = try await scene.send(
            "POST", Scene.path("c-1", "/messages"), fields,
            .answer("Here.", files: [id]))
        #expect(sent.status == 202)

        let attachment = try await scene.show(fields)["messages"]?[1]?["attachments"]?[0]
        #expect(attachment?["name"] == "Rechnung ü.pdf")
        let url = try #require(attachment?["url"]?.string)
        #expect(url == Scene.path("c-1", "/files/\(id)"))
        let shown = try await scene.send("GET", url, fields)
        #expect(shown.body == bytes)
        expectDownload(shown)

        let thread = try await scene.send(
            "GET", "/v1/threads/t", [("Authorization", "Bearer read-token")])
        let link = try #require(
            thread.json?["messages"]?[1]?["attachments"]?[0]?["url"]?.string)
        #expect(link.hasPrefix("https://bridge.example.com/v1/files/\(id)?"))
        let path = String(link.dropFirst("https://bridge.example.com".count))
        let fetched = try await scene.send("GET", path, [])
        #expect(fetched.body == bytes)
        expectDownload(fetched)
        let head = try await scene.serve { port in
            let client = try Client(port: port)
            client.send(request("HEAD", path))
            return try #require(try await client.answer(toHead: true))
        }
        #expect(head.status == 200 && head["content-length"] == "\(bytes.count)")
    }

    private func expectDownload(_ answer: Client.Answer) {
        #expect(answer.status == 200)
        #expect(answer["content-type"] == "application/pdf")
        #expect(
            answer["content-disposition"]
                == "attachment; filename=\"Rechnung _.pdf\"; "
                + "filename*=UTF-8''Rechnung%20%C3%BC.pdf")
        #expect(answer["x-content-type-options"] == "nosniff")
        #expect(answer["content-security-policy"] == "sandbox; default-src 'none'")
    }

    @Test func aLinkIsGoodForItsTimeOnly() async throws {
        let file = try await sentFile()
        let path = path(to: file)
        #expect(try await scene.send("GET", path, []).status == 200)
        scene.clock.advance(by: scene.settings.linkLifetime)
        let late = try await scene.send("GET", path, [])
        #expect(late.status == 403 && !late.text.contains("hello"))
        // A fresh one is had at each look.
        #expect(try await scene.send("GET", self.path(to: file), []).status == 200)
    }

    @Test func aForgedLinkOpensNothing() async throws {
        let file = try await sentFile()
        let other = try await sentFile("k-2")
        let path = path(to: file)
        let forged = [
            path.replacing(file.description, with: other.description),
            path.replacing("expires=1", with: "expires=2"),
            String(path.dropLast()) + (path.hasSuffix("0") ? "1" : "0"),
            String(path.dropLast(2)), "/v1/files/\(file)",
            path.replacing("signature=", with: "signature=zz"), "/v1/files/x?expires=9&signature=",
        ]
        for path in forged {
            let answer = try await scene.send("GET", path, [])
            #expect(answer.status == 403)
            #expect(!answer.text.contains("hello"))
        }
    }

    @Test func noAnswerAtALinkIsKeptOrGuessedAt() async throws {
        let path = path(to: try await sentFile())
        for (method, path) in [
            ("GET", path), ("GET", String(path.dropLast(2))), ("POST", path), ("GET", "/v1/files"),
        ] {
            let answer = try await scene.send(method, path, [])
            #expect(answer["cache-control"] == "no-store")
            #expect(answer["x-content-type-options"] == "nosniff")
        }
        let elsewhere = try await scene.send("GET", "/v1/messages/x", [])
        #expect(elsewhere["cache-control"] == nil)
    }

    /// Whatever bytes its signature has.
    @Test func everyLinkIsGood() throws {
        for number in 1...200 {
            let file = FileID(rawValue: Int64(number))
            let parts = path(to: file).split { "?&=".contains($0) }.map(String.init)
            #expect(
                try scene.links.check("\(file)", expires: parts[2], signature: parts[4]) == file)
        }
    }

    @Test func aFileThatWasNotSentHasNoLink() async throws {
        let fields = try await atWork()
        let taken = try await upload(Array("hello".utf8), fields)
        let id = try #require(taken.json?["id"]?.string.flatMap { FileID($0) })
        #expect(try await scene.send("GET", path(to: id), []).status == 404)
    }

    @Test(arguments: ["text/html", "image/svg+xml", "application/pdfx", ""])
    func aTypeThatIsNotOnTheListIsRefused(_ type: String) async throws {
        let answer = try await upload(Array("x".utf8), try await atWork(), type: type)
        #expect(answer.status == 415)
        #expect(answer.json?["code"] == "bad_type")
    }

    @Test func parametersOfATypeDoNotMatter() async throws {
        let answer = try await upload(
            Array("x".utf8), try await atWork(), type: "Text/Plain; charset=utf-8")
        #expect(answer.status == 201 && answer.json?["content_type"] == "text/plain")
    }

    @Test func whatIsTooLargeIsRefusedBeforeItIsSent() async throws {
        let fields = try await atWork()
        let answer = try await scene.serve { port in
            let client = try Client(port: port)
            client.send(
                head(fields, type: "text/plain", name: "x", length: scene.settings.maxFile + 1))
            return try #require(try await client.answer())
        }
        #expect(answer.status == 413)
        #expect(answer.json?["code"] == "too_large")
        #expect(answer["connection"] == "close")
    }

    @Test func withoutALengthNothingIsTaken() async throws {
        let fields = try await atWork()
        let answer = try await scene.serve { port in
            let client = try Client(port: port)
            client.send(
                request(
                    "POST", Scene.path("c-1", "/files?name=x"),
                    typed(fields, "text/plain") + [("Transfer-Encoding", "chunked")])
                    + "1\r\nx\r\n0\r\n\r\n")
            return try #require(try await client.answer())
        }
        #expect(answer.status == 411)
    }

    @Test func halfAFileIsNone() async throws {
        let fields = try await atWork()
        try await scene.serve { port in
            let client = try Client(port: port)
            client.send(head(fields, type: "text/plain", name: "x", length: 10) + "half")
            client.finish()
            _ = try await client.answer()
        }
        let drafted = try await scene.send(
            "PUT", Scene.path("c-1", "/draft"), fields,
            ["kind": "answer", "body": "x", "files": []])
        #expect(drafted.status == 204)
        #expect(try await scene.show(fields)["draft"]?["answer"]?["files"] == [])
    }

    @Test func whoLooksOnSendsNoFile() async throws {
        _ = try await atWork()
        scene.genesys.set(AgentPart(.onlooker), of: Scene.kim.id, in: "c-1")
        let answer = try await upload(Array("x".utf8), try await scene.login(Scene.kim))
        #expect(answer.status == 403)
    }

    @Test func aFileOfAnotherThreadIsNotGiven() async throws {
        let fields = try await atWork()
        let id = try await sentFile()
        try await scene.conversation(
            "c-2", in: "u", message: Message(body: "?", customer: Customer(id: "8")))
        try await scene.hand("c-2", to: Scene.kim)
        let kim = try await scene.login(Scene.kim)
        for method in ["GET", "DELETE"] {
            let answer = try await scene.send(method, Scene.path("c-2", "/files/\(id)"), kim)
            #expect(answer.status == 404)
        }
        #expect(try await scene.send("GET", Scene.path("c-1", "/files/\(id)"), kim).status == 404)
        #expect(
            try await scene.send("GET", Scene.path("c-1", "/files/\(id)"), fields).status == 200)
    }

    @Test func aFileThatIsNotSentYetIsItsAgentsAlone() async throws {
        let sam = try await atWork()
        let taken = try await upload(Array("x".utf8), sam)
        let path = Scene.path("c-1", "/files/\(try #require(taken.json?["id"]?.string))")
        #expect(try await scene.send("GET", path, sam).status == 200)
        for kind in [AgentPart.Kind.onlooker, .connected] {
            scene.genesys.set(AgentPart(kind), of: Scene.kim.id, in: "c-1")
            let kim = try await scene.login(Scene.kim)
            #expect(try await scene.send("GET", path, kim).status == 404)
        }
    }

    @Test func aFileOfALaterConversationIsNotGiven() async throws {
        let sam = try await atWork()
        let own = try await sentFile()
        try await scene.end("c-1")
        scene.genesys.set(AgentPart(.ended), of: Scene.sam.id, in: "c-1")
        try await scene.conversation("c-2")
        try await scene.hand("c-2", to: Scene.kim)
        let kim = try await scene.login(Scene.kim)
        let taken = try await upload(Array("x".utf8), kim, to: "c-2")
        let other = try #require(taken.json?["id"]?.string)
        #expect(
            try await scene.send("GET", Scene.path("c-1", "/files/\(other)"), sam).status == 404)
        #expect(
            try await scene.send("GET", Scene.path("c-1", "/files/\(own)"), sam).status == 200)
    }

    @Test func whoSendsNothingUploadsNoMoreThanSomeFiles() async throws {
        let fields = try await atWork()
        let whole = [UInt8](repeating: 7, count: scene.settings.maxFile)
        var last = ""
        for _ in 0..<5 {
            last = try #require(try await upload(whole, fields).json?["id"]?.string)
        }
        let large = try await upload([7], fields)
        #expect(large.status == 409 && large.json?["code"] == "too_large")
        let path = Scene.path("c-1", "/files/\(last)")
        #expect(try await scene.send("DELETE", path, fields).status == 204)
        for _ in 4..<KeptFile.mostUnsent {
            #expect(try await upload([7], fields).status == 201)
        }
        let many = try await upload([7], fields)
        #expect(many.status == 409 && many.json?["code"] == "too_large")
        scene.genesys.set(AgentPart(.connected), of: Scene.kim.id, in: "c-1")
        #expect(try await upload([7], scene.login(Scene.kim)).status == 201)
    }

    @Test func aFileIsTakenAwayBeforeItIsSent() async throws {
        let fields = try await atWork()
        let id = try #require(
            try await upload(Array("x".utf8), fields).json?["id"]?.string)
        let path = Scene.path("c-1", "/files/\(id)")
        #expect(try await scene.send("DELETE", path, fields).status == 204)
        #expect(try await scene.send("GET", path, fields).status == 404)
        let sent = try await sentFile("k-2")
        let late = try await scene.send("DELETE", Scene.path("c-1", "/files/\(sent)"), fields)
        #expect(late.status == 409)
    }

    @Test(arguments: [
        ("..%2F..%2Fetc%2Fpasswd", "passwd"), ("C:%5Ca%5Cb.txt", "b.txt"),
        ("a%0D%0Ab%22.txt", "ab\".txt"), ("gpj.%E2%80%AEexe", "gpj.exe"), (".bashrc", "bashrc"),
    ])
    func namesAreCleaned(_ name: String, _ clean: String) async throws {
        let answer = try await upload(Array("x".utf8), try await atWork(), name: name)
        #expect(answer.json?["name"] == .string(clean))
        let id = try #require(answer.json?["id"]?.string)
        let given = try await scene.send(
            "GET", Scene.path("c-1", "/files/\(id)"), try await scene.login())
        #expect(given.status == 200 && given.text == "x")
    }

    @Test func aLongNameKeepsItsExtension() {
        let name = String(repeating: "n", count: 300) + ".pdf"
        #expect(name.asFileName?.count == 200)
        #expect(name.asFileName?.hasSuffix("n.pdf") == true)
        #expect("/".asFileName == nil && "..".asFileName == nil)
    }

    @Test(arguments: [
        "x/\u{200D}../\u{200D}../\u{200D}evil.php", "x\\\u{200D}..\\\u{200D}evil.php",
        "..\u{200D}/evil.php", "x/.\u{200D}./evil.php", "/\u{2028}evil.php",
    ])
    func noPathIsLeftInAName(_ name: String) { #expect(name.asFileName == "evil.php") }

    @Test func aMarkBehindAStrokeHidesNoPath() {
        #expect("x/\u{301}evil.php".asFileName == "\u{301}evil.php")
    }

    @Test func aFileThatVanishesWhileItIsFetchedEndsTheConnection() async throws {
        let fields = try await atWork()
        let whole = [UInt8](repeating: 7, count: KeptFile.partSize + 1)
        let id = try #require(try await upload(whole, fields).json?["id"]?.string)
        scene.store.loseParts(from: 1)
        try await scene.serve { port in
            let client = try Client(port: port)
            client.send(request("GET", Scene.path("c-1", "/files/\(id)"), fields))
            #expect(try await client.answer() == nil)
        }
    }

    // MARK: Setting the scene

    private func atWork() async throws -> [(String, String)] {
        if (try? await scene.store.thread(of: "c-1")) == nil {
            try await scene.conversation("c-1")
            try await scene.hand("c-1", to: Scene.sam)
        }
        return try await scene.login()
    }

    private func sentFile(_ key: String = "k-1") async throws -> FileID {
        let fields = try await atWork()
        let taken = try await upload(Array("hello".utf8), fields)
        let id = try #require(taken.json?["id"]?.string)
        let sent = try await scene.send(
            "POST", Scene.path("c-1", "/messages"), fields,
            .answer("Here.", key: key, files: [id]))
        #expect(sent.status == 202)
        return try #require(FileID(id))
    }

    private func path(to file: FileID) -> String {
        let link = scene.links.address(of: Attachment(name: "x", file: file)) ?? ""
        return String(link.dropFirst(scene.settings.origin.count))
    }

    private func upload(
        _ bytes: [UInt8], _ fields: [(String, String)], name: String = "x.pdf",
        type: String = "application/pdf", to conversation: String = "c-1"
    ) async throws -> Client.Answer {
        try await scene.serve { port in
            let client = try Client(port: port)
            client.send(
                Array(
                    head(fields, type: type, name: name, length: bytes.count, to: conversation)
                        .utf8) + bytes)
            return try #require(try await client.answer())
        }
    }

    private func head(
        _ fields: [(String, String)], type: String, name: String, length: Int,
        to conversation: String = "c-1"
    ) -> String {
        request(
            "POST", Scene.path(conversation, "/files?name=\(name)"),
            typed(fields, type) + [("Content-Length", "\(length)")])
    }

    private func typed(_ fields: [(String, String)], _ type: String) -> [(String, String)] {
        fields.filter { $0.0 != "Content-Type" } + [("Content-Type", type)]
    }
}
