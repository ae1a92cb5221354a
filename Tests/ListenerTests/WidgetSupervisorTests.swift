import ExactJSON
import Outbox
import TestSupport
import Testing

@testable import Listener

@Suite(.timeLimit(.minutes(15))) struct WidgetSupervisorTests {
    private var scene = Scene()
    private let viewer: Set = ["conversation:communication:view"]

    init() { scene.settings.queues[RouteName("vip")] = "q-2" }

    @Test func onlyWhatGenesysShowsIsListed() async throws {
        try await scene.conversation("c-1")
        try await scene.conversation("c-2", in: "elsewhere")
        scene.genesys.change { $0.visible["a-kim"] = ["c-1"] }
        let list = try await list("waiting", scene.login(Scene.kim, viewer))
        let threads = try #require(list["threads"]?.array)
        #expect(threads.map { $0["key"] } == ["t"])
        #expect(list["hidden"] == 1 && list["after"] == .null)
        #expect(threads[0]["customer"] == "Erika Muster")
        #expect(threads[0]["shop_name"] == "Tea & More")
        #expect(threads[0]["conversation"] == "c-1")
        #expect(threads[0]["queue"] == ["id": "q-1", "name": "Support"])
        #expect(threads[0]["agent"] == .null)
    }

    @Test func whereThereIsNoConversationTheQueueDecides() async throws {
        _ = try await scene.post()
        let fields = try await scene.login(Scene.kim, viewer)
        #expect(try await list("waiting", fields)["hidden"] == 1)
        let hidden = try await scene.send("GET", thread, fields)
        #expect(hidden.status == 404 && !hidden.text.contains("tea"))
        scene.genesys.change { $0.queues["a-kim"] = ["q-1"] }
        let threads = try await list("waiting", fields)["threads"]
        #expect(threads?.array?.count == 1 && threads?[0]?["conversation"] == .null)
        let shown = try await scene.send("GET", thread, fields)
        #expect(shown.status == 200 && shown.json?["conversation"] == .null)
        #expect(shown.json?["role"] == "onlooker" && shown.json?["why"] == "onlooker")
        #expect(shown.json?["messages"]?[0]?["body"] == "My tea has not come.")
    }

    @Test func whereThereIsNoConversationAllItsQueuesDecide() async throws {
        _ = try await scene.post(by: Route(RouteName("vip")))
        _ = try await scene.post()
        let fields = try await scene.login(Scene.kim, viewer)
        for (queues, status) in [(["q-1"], 404), (["q-2"], 404), (["q-1", "q-2"], 200)] {
            scene.genesys.change { $0.queues["a-kim"] = Set(queues) }
            scene.clock.advance(by: .seconds(60))
            #expect(try await scene.send("GET", thread, fields).status == status)
        }
    }

    @Test func whoSeesAQueueReadsNoThreadOfItWithoutTheRole() async throws {
        _ = try await scene.post()
        scene.genesys.change { $0.queues["a-kim"] = ["q-1"] }
        for rest in ["", "/messages", "/stream"] {
            let hidden = try await scene.send("GET", thread + rest, scene.login(Scene.kim))
            #expect(hidden.status == 404 && !hidden.text.contains("tea"))
        }
    }

    @Test func withoutTheRoleThereIsNoList() async throws {
        try await scene.conversation("c-1")
        scene.genesys.change { $0.visible["a-kim"] = ["c-1"] }
        let answer = try await scene.send("GET", path("waiting"), scene.login(Scene.kim))
        #expect(answer.status == 403 && answer.json?["code"] == "not_permitted")
    }

    @Test func aPermissionAloneOpensNoThread() async throws {
        try await scene.conversation("c-1")
        let fields = try await scene.login(Scene.kim, Scene.supervisor)
        for (method, rest) in [("GET", ""), ("POST", "/recreate"), ("GET", "/stream")] {
            #expect(try await scene.send(method, thread + rest, fields).status == 404)
        }
        let unknown = try await scene.send("GET", thread + "x", fields)
        #expect(unknown.status == 404)
        #expect(unknown.text == (try await scene.send("GET", thread, fields).text))
    }

    @Test func whatWasLeftIsCreatedAgain() async throws {
        try await scene.conversation("c-1")
        try await scene.store.observe(
            Observation(reference: "c-1", stage: .ended, queue: .first, end: .system))
        scene.genesys.set(AgentPart(.onlooker), of: Scene.kim.id, in: "c-1")
        scene.genesys.change { $0.visible["a-kim"] = ["c-1"] }
        let viewer = try await scene.login(Scene.kim, viewer)
        let refused = try await scene.send("POST", thread + "/recreate", viewer)
        #expect(refused.status == 403 && refused.json?["code"] == "not_permitted")
        let supervisor = try await scene.login(Scene.kim, Scene.supervisor)
        #expect(
            try await scene.send("GET", thread, supervisor).json?["may"]?["recreate"] == true)
        #expect(try await list("unanswered", supervisor)["threads"]?.array?.count == 1)
        let done = try await scene.send("POST", thread + "/recreate", supervisor)
        #expect(done.status == 202)
        let again = try await scene.send("POST", thread + "/recreate", supervisor)
        #expect(again.status == 409 && again.json?["code"] == "refused")
        let audits = try await scene.store.audits(of: scene.name())
        #expect(audits.contains { $0.action == .recreated && $0.actor == "a-kim" })
    }

    @Test func aRefusedAnswerIsSentAgainBySomebodyElse() async throws {
        try await scene.conversation("c-1")
        try await scene.hand("c-1", to: Scene.sam)
        let sent = try await scene.send(
            "POST", Scene.path("c-1", "/messages"), scene.login(), .answer("On its way."))
        let id = try #require(sent.json?["id"]?.string)
        try await scene.refuse(because: "the shop: no")
        scene.genesys.set(AgentPart(.onlooker), of: Scene.kim.id, in: "c-1")
        scene.genesys.change { $0.visible["a-kim"] = ["c-1"] }
        let viewer = try await scene.login(Scene.kim, viewer)
        let row = try await list("refused", viewer)["threads"]?[0]
        #expect(row?["reason"] == "the shop: no")
        #expect(row?["agent"]?["name"] == "Sam Carter")
        let path = thread + "/messages/\(id)/retry"
        #expect(try await scene.send("POST", path, viewer).status == 403)
        let supervisor = try await scene.login(Scene.kim, Scene.supervisor)
        #expect(try await scene.send("POST", path, supervisor).status == 202)
    }

    @Test func aLongListComesInPages() async throws {
        for number in 1...60 { _ = try await scene.post(.question, in: "t\(number)") }
        scene.genesys.change { $0.queues["a-kim"] = ["q-1"] }
        let fields = try await scene.login(Scene.kim, viewer)
        let first = try await list("waiting", fields)
        let after = try #require(first["after"]?.string)
        let second = try await list("waiting&after=\(after)", fields)
        let keys = [first, second].flatMap { $0["threads"]?.array ?? [] }.map { $0["key"]?.string }
        #expect(first["threads"]?.array?.count == 50 && second["threads"]?.array?.count == 10)
        #expect(Set(keys).count == 60 && second["after"] == .null)
    }

    @Test func aQueueIsAskedAboutOnceHoweverLongOthersTake() async throws {
        for (number, route) in ["default", "vip", "default"].enumerated() {
            _ = try await scene.post(in: "t\(number)", by: Route(RouteName(route)))
        }
        let clock = scene.clock
        scene.genesys.change {
            $0.queues["a-kim"] = ["q-1"]
            $0.duringQueueQuestion = { clock.advance(by: Access.shortAge) }
        }
        let list = try await list("waiting", scene.login(Scene.kim, viewer))
        #expect(list["threads"]?.array?.map { $0["key"] } == ["t0", "t2"])
        #expect(scene.genesys.now.queueQuestions.sorted() == ["a-kim q-1", "a-kim q-2"])
    }

    @Test(arguments: ["all", "waiting&after=x", "waiting&after=1-2-3"])
    func anUnknownViewIsRefused(_ view: String) async throws {
        let answer = try await scene.send("GET", path(view), scene.login(Scene.kim, viewer))
        #expect(answer.status == 422 && answer.json?["code"] == "invalid")
    }

    private let thread = "/widget/api/threads/shop/t"

    private func path(_ view: String) -> String { "/widget/api/threads?view=\(view)" }

    private func list(_ view: String, _ fields: [(String, String)]) async throws -> JSON {
        let answer = try await scene.send("GET", path(view), fields)
        #expect(answer.status == 200)
        return try #require(answer.json)
    }
}
