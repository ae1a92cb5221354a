import Foundation
import HTTPTypes

/// The agents' desk over HTTP, at `/desk`: what Genesys Cloud's own pages are to an agent.
struct AgentDesk: Sendable {
    let organization: Organization

    func answer(_ call: Call) async -> Answer {
        switch (call.method, call.path) {
        case (.get, "/desk"), (.get, "/desk/"):
            return await page(call)
        case (.get, "/desk/style.css"):
            return .part(DeskPage.style, "text/css")
        case (.get, "/desk/desk.js"):
            return .part(DeskPage.script, "text/javascript")
        case (.get, "/desk/frames.js"):
            return .part(DeskPage.frames, "text/javascript")
        case (.get, "/desk/toasts.js"):
            return .part(DeskPage.toasts, "text/javascript")
        case (.post, "/desk/login"):
            return await logIn(call)
        case (.post, "/desk/logout"):
            return await organization.endSessions(call, .redirect(to: "/desk", status: .seeOther))
        case (.post, "/desk/poll"):
            return await poll(call)
        case (.post, "/desk/act"):
            return await act(call)
        default:
            return .deskProblem(404, "no \(call.method) \(call.path) at the desk")
        }
    }

    private func page(_ call: Call) async -> Answer {
        // Two ports of one host are one site, and the widget's frame is to be of another.
        if let host = call.host, host.hasPrefix("127.0.0.1:") {
            return .redirect(to: "http://localhost:\(host.dropFirst("127.0.0.1:".count))/desk")
        }
        guard await organization.agent(of: .desk, call) != nil else {
            return LoginPage(action: "/desk/login", agents: await organization.settings.agents)
                .answer
        }
        let widget = WidgetURL(template: organization.options.widgetURL)
        return .part(DeskPage.html, "text/html", framing: widget.origin)
    }

    private func logIn(_ call: Call) async -> Answer {
        guard let agent = await organization.chosenAgent(call) else {
            return LoginPage.refusal("There is no such agent.")
        }
        return await organization.start(
            [.login, .desk], of: agent, .redirect(to: "/desk", status: .seeOther))
    }

    /// How it stands, and whether the agent takes more.
    private func poll(_ call: Call) async -> Answer {
        guard let agent = await organization.agent(of: .desk, call) else { return .loggedOut }
        guard let poll = call.desk(Poll.self), let host = call.host else {
            return .deskProblem(400, "language, popup and onQueue are needed")
        }
        if poll.onQueue {
            await organization.offerNext(to: agent)
        }
        let state = await organization.deskState(
            of: agent,
            WidgetURL.Host(
                origin: "http://\(host)", language: poll.language, usesPopup: poll.popup))
        return .json(state)
    }

    private func act(_ call: Call) async -> Answer {
        guard let agent = await organization.agent(of: .desk, call) else { return .loggedOut }
        guard let action = call.desk(DeskAction.self) else {
            return .deskProblem(400, "act and conversation are needed")
        }
        let answer = await organization.perform(action, as: agent)
        return answer.status.kind == .successful ? .noContent : answer
    }

    private struct Poll: Decodable {
        let language: String
        let popup: Bool
        let onQueue: Bool
    }
}

extension Call {
    /// What the desk's page sends: JSON, which no form of another page can.
    fileprivate func desk<Body: Decodable>(_ type: Body.Type) -> Body? {
        guard hasContentType("application/json") else { return nil }
        return try? JSONDecoder().decode(type, from: body)
    }
}

extension Answer {
    /// A part of the desk, which loads nothing from elsewhere but the frames.
    fileprivate static func part(
        _ text: String, _ type: String, framing origin: String? = nil
    ) -> Answer {
        var answer = Answer(type: "\(type); charset=utf-8", body: Data(text.utf8))
        // In the frame, the login of the sandbox itself may show as well.
        let frames = origin.map { "frame-src 'self' \($0); " } ?? ""
        answer.headers[.contentSecurityPolicy] =
            "default-src 'none'; img-src data:; script-src 'self'; style-src 'self'; "
            + "connect-src 'self'; \(frames)base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        answer.headers[.cacheControl] = "no-store"
        return answer
    }

    fileprivate static let loggedOut = deskProblem(401, "nobody is logged in")

    /// In the shape of the API, as the page expects it of every refusal.
    fileprivate static func deskProblem(_ status: Int, _ message: String) -> Answer {
        .json(["message": message], status: .init(code: status))
    }
}
