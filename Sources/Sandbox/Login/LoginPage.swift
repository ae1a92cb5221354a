import Foundation
import HTTPTypes

/// The page of the login: a button for each agent, and no script.
struct LoginPage {
    /// Where the choice is posted to.
    let action: String
    let agents: [Sandbox.Agent]
    /// The id of the agent who comes first.
    var first: String?
    /// Where the login leads to after it, if that is another origin than the sandbox's own.
    var redirectURI: String?
    /// Whether it may stand in no frame, as some identity providers demand.
    var refusesFraming = false

    var answer: Answer {
        var answer = Answer.html(html)
        // A redirect behind a form counts as its target too.
        let after = redirectURI.flatMap(Self.origin).map { " \($0)" } ?? ""
        var policy =
            "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; "
            + "form-action 'self'\(after)"
        if refusesFraming {
            policy += "; frame-ancestors 'none'"
            answer.headers[.xFrameOptions] = "DENY"
        }
        answer.headers[.contentSecurityPolicy] = policy
        answer.headers[.cacheControl] = "no-store"
        return answer
    }

    /// A refusal that leads nowhere.
    static func refusal(_ text: String) -> Answer {
        var answer = Answer.html(
            page("Login refused", "<p role=\"alert\">\(text.htmlEscaped)</p>"),
            status: .badRequest)
        answer.headers[.contentSecurityPolicy] =
            "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
        answer.headers[.cacheControl] = "no-store"
        return answer
    }

    private static func origin(_ uri: String) -> String? {
        guard let url = URLComponents(string: uri), let scheme = url.scheme, let host = url.host
        else { return nil }
        return "\(scheme)://\(host)" + (url.port.map { ":\($0)" } ?? "")
    }

    private var html: String {
        let sorted = agents.filter { $0.id == first } + agents.filter { $0.id != first }
        let buttons = sorted.map { agent in
            let id = agent.id.htmlEscaped
            return """
                <button name="agent" value="\(id)" data-agent="\(id)">\
                \(agent.name.htmlEscaped)</button>
                """
        }
        return Self.page(
            "Log in to the pretend Genesys Cloud",
            """
            <p>Who are you?</p>
            <form id="agents" method="post" action="\(action.htmlEscaped)">
            \(buttons.joined(separator: "\n"))
            </form>
            """)
    }

    private static func page(_ title: String, _ content: String) -> String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>\(title)</title>
        <link rel="icon" href="data:,">
        <style>
        body { margin: 0 auto; max-width: 22rem; padding: 1.5rem 1rem;
          font: 1rem/1.5 system-ui, sans-serif; }
        h1 { margin: 0; font-size: 1.25rem; }
        form { display: grid; gap: .5rem; }
        button { padding: .625rem 1rem; border: 1px solid; border-radius: .5rem;
          background: Canvas; color: CanvasText; font: inherit; text-align: start;
          cursor: pointer; }
        button:hover { background: Highlight; color: HighlightText; }
        button:focus-visible { outline: 3px solid Highlight; outline-offset: 2px; }
        </style>
        </head>
        <body>
        <main>
        <h1>\(title)</h1>
        \(content)
        </main>
        </body>
        </html>

        """
    }
}

extension HTTPField.Name {
    fileprivate static let xFrameOptions = required("X-Frame-Options")
}
