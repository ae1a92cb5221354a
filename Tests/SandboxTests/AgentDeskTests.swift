import Foundation
import Sandbox
import Testing

@Suite("The agents' desk", .timeLimit(.minutes(15)))
struct AgentDeskTests {
    @Test func asksWhoComesAndRemembersIt() async throws {
        try await withSandbox { sandbox in
            let browser = Browser(sandbox)
            let login = try await browser.get("/desk")
            #expect(login.status == 200 && login.body.contains(#"action="/desk/login""#))
            #expect(try await browser.post("/desk/login", "agent=nobody").status == 400)
            let chosen = try await browser.post("/desk/login", "agent=\(sam)")
            #expect(chosen.status == 303 && chosen.headers["location"] == "/desk")
            let desk = try await browser.get("/desk")
            #expect(desk.body.contains(#"id="interactions""#))
            let policy = try #require(desk.headers["content-security-policy"])
            #expect(policy.contains("frame-src 'self' http://127.0.0.1:8080;"))
            #expect(policy.contains("script-src 'self'; style-src 'self';"))
            // The same session lets the widget's login pass silently.
            #expect(try await browser.get(Browser.login()).status == 302)
            _ = try await browser.post("/desk/logout", "")
            #expect(try await browser.get(Browser.login()).status == 200)
        }
    }

    @Test func staysAnAgentsWhenAnotherLogsIn() async throws {
        try await LiveDesk.with { desk in
            _ = try await desk.browser.code(ofAgent: robin)
            let agent = try #require(try await desk.poll().json["agent"] as? [String: Any])
            #expect(agent["id"] as? String == sam)
            let silent = try await desk.browser.get(Browser.login { $0["login_hint"] = robin })
            #expect(silent.status == 302)
        }
    }

    @Test func standsOnAnotherSiteThanTheWidget() async throws {
        try await withSandbox { sandbox in
            let answer = try await sandbox.call(
                "GET", "/desk", headers: ["Host": "127.0.0.1:8090"])
            #expect(answer.headers["location"] == "http://localhost:8090/desk")
        }
    }

    @Test(arguments: ["/desk/style.css", "/desk/desk.js", "/desk/frames.js", "/desk/toasts.js"])
    func loadsItsPartsFromItself(path: String) async throws {
        try await withSandbox { sandbox in
            let part = try await sandbox.call("GET", path)
            #expect(part.status == 200 && !part.body.isEmpty)
            #expect(!part.body.contains("https://"))
        }
    }

    @Test func fillsTheTokensOfTheWidgetsAddressByBothTheirNames() async throws {
        var options = Sandbox.Options()
        options.widgetURL = """
            http://127.0.0.1:8080/widget?conversationId={{gcConversationId}}\
            &old={{pcConversationId}}&gcHostOrigin={{gcHostOrigin}}&gcTargetEnv={{gcTargetEnv}}\
            &lang={{gcLangTag}}&langTag={{pcLangTag}}&popup={{gcUsePopupAuth}}\
            &popupToo={{pcUsePopupAuth}}&pcEnvironment={{pcEnvironment}}&x={{gcNone}}
            """
        try await LiveDesk.with(options) { desk in
            let id = try await desk.create()
            try await desk.sandbox.offer(id, to: sam)
            let state = try await desk.poll(language: "pl", popup: true)
            let rest = """
                gcHostOrigin=http%3A%2F%2Flocalhost%3A8090&gcTargetEnv=prod&lang=pl&langTag=pl\
                &popup=true&popupToo=true&pcEnvironment=localhost%3A8090&x={{gcNone}}
                """
            #expect(
                state.interactions.map { $0["widget"] as? String } == [
                    "http://127.0.0.1:8080/widget?conversationId=\(id)&old=\(id)&\(rest)"
                ])
            #expect(
                state.json["supervisor"] as? String == "http://127.0.0.1:8080/widget?\(rest)")
            #expect(state.json["widgetOrigin"] as? String == "http://127.0.0.1:8080")
        }
    }

    @Test func alertsAnAgentOnQueueWithWhatWaitsLongestOnceEach() async throws {
        try await LiveDesk.with { desk in
            let first = try await desk.create()
            let second = try await desk.create()
            #expect(try await desk.poll().interactions.isEmpty)
            #expect(try await desk.poll(onQueue: true).ids == [first])
            #expect(try await desk.poll(onQueue: true).ids == [first])
            #expect(try await desk.act("decline", first).status == 204)
            #expect(try await desk.poll(onQueue: true).ids == [second])
            _ = try await desk.act("accept", second)
            #expect(try await desk.poll(onQueue: true).ids == [second])
            try await desk.sandbox.offer(first, to: robin)
            try await desk.sandbox.letRing(first)
            #expect(try await desk.poll(onQueue: true).ids == [first, second])
        }
    }

    @Test func doesWhatAnAgentDoes() async throws {
        try await LiveDesk.with { desk in
            let id = try await desk.create()
            try await desk.sandbox.offer(id, to: sam)
            for (act, state) in [
                ("accept", "connected"), ("park", "parked"), ("resume", "connected"),
                ("end", "disconnected"),
            ] {
                #expect(try await desk.act(act, id).status == 204)
                let interaction = try #require(try await desk.poll().interactions.first)
                #expect(interaction["state"] as? String == state)
            }
            let none = try await desk.act("wrap-up", id, #","code":"none""#)
            #expect(none.status == 400 && none.message?.contains("wrapup.code") == true)
            #expect(
                try await desk.act("wrap-up", id, #","code":"\#(resolved)""#).status == 204)
            #expect(try await desk.poll().interactions.isEmpty)
            let ended = try #require(await desk.sandbox.conversations().first)
            #expect(ended.state == .ended && ended.wrapupCode == resolved)
        }
    }

    @Test(arguments: [(#","queue":"\#(demoBilling)""#, nil), (#","agent":"\#(robin)""#, robin)])
    func handsOverToAQueueOrAnAgent(target: String, agent: String?) async throws {
        try await LiveDesk.with { desk in
            let id = try await desk.create()
            try await desk.sandbox.offer(id, to: sam)
            _ = try await desk.act("accept", id)
            #expect(try await desk.act("transfer", id, target).status == 204)
            let listed = try #require(await desk.sandbox.conversations().first)
            #expect(listed.queueId == (agent == nil ? demoBilling : demoQueue))
            #expect(listed.agentId == agent ?? sam)
            #expect(listed.agent == (agent == nil ? .disconnected : .alerting))
            // What was handed over is still to be closed, but does not alert again.
            let state = try await desk.poll(onQueue: true)
            #expect(state.interactions.map { $0["needsWrapUp"] as? Bool } == [true])
        }
    }

    @Test func leavesTheJournalTheLimitsAndTheFaultsToTheBridge() async throws {
        try await LiveDesk.with { desk in
            let id = try await desk.create()
            try await desk.sandbox.offer(id, to: sam)
            await desk.sandbox.allow(.init(requests: 0))
            await desk.sandbox.plan(.init(do: .status, status: 500))
            let before = await desk.sandbox.journal().count
            #expect(try await desk.act("accept", id).status == 204)
            #expect(try await desk.poll().interactions.count == 1)
            #expect(await desk.sandbox.journal().count == before)
            #expect(await desk.sandbox.faults().count == 1)
        }
    }

    @Test func refusesWhoIsNotLoggedInWhatIsNotTheirsAndFormsOfOtherPages() async throws {
        try await LiveDesk.with { desk in
            let id = try await desk.create()
            try await desk.sandbox.offer(id, to: robin)
            #expect(try await desk.act("accept", id).status == 403)
            #expect(try await desk.act("accept", "none").status == 404)
            let body = #"{"act":"accept","conversation":"\#(id)"}"#
            let stranger = Browser(desk.sandbox)
            #expect(try await stranger.post("/desk/act", json: body).status == 401)
            #expect(try await stranger.post("/desk/poll", json: "{}").status == 401)
            #expect(try await desk.browser.post("/desk/act", body).status == 400)
            #expect(await desk.sandbox.conversations().first?.agent == .alerting)
        }
    }
}

/// The desk in the browser of Sam Carter.
private struct LiveDesk {
    let sandbox: Sandbox
    let browser: Browser

    static func with(
        _ options: Sandbox.Options = .init(), _ body: (LiveDesk) async throws -> Void
    ) async throws {
        try await withSandbox(options) { sandbox in
            let browser = Browser(sandbox)
            _ = try await browser.post("/desk/login", "agent=\(sam)")
            try await body(LiveDesk(sandbox: sandbox, browser: browser))
        }
    }

    func create() async throws -> String {
        try await sandbox.created(token: try await sandbox.token()).id
    }

    func poll(
        language: String = "en-us", popup: Bool = false, onQueue: Bool = false
    ) async throws -> ReceivedAnswer {
        try await browser.post(
            "/desk/poll",
            json: #"{"language":"\#(language)","popup":\#(popup),"onQueue":\#(onQueue)}"#)
    }

    func act(
        _ act: String, _ conversation: String, _ more: String = ""
    ) async throws -> ReceivedAnswer {
        try await browser.post(
            "/desk/act", json: #"{"act":"\#(act)","conversation":"\#(conversation)"\#(more)}"#)
    }
}

extension ReceivedAnswer {
    fileprivate var interactions: [[String: Any]] {
        json["interactions"] as? [[String: Any]] ?? []
    }

    fileprivate var ids: [String] {
        interactions.compactMap { $0["id"] as? String }
    }
}
