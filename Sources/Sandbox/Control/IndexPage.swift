/// What a browser sees at `/`.
enum IndexPage {
    static let html = """
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><title>genesys-sandbox</title></head>
        <body>
        <h1>genesys-sandbox</h1>
        <p>A pretend Genesys Cloud. The login is at <code>/oauth/token</code>, that of agents at
        <code>/oauth/authorize</code>, the API at
        <code>/api/v2</code>.</p>
        <ul>
        <li><a href="/sandbox/conversations">Conversations</a> (<code>?last=n</code>)</li>
        <li><code>POST /sandbox/conversations/{id}/agent</code> with
        <code>{"state": "alerting|connected|parked|disconnected"}</code> puts an agent on one</li>
        <li><code>POST /sandbox/conversations/{id}/offer</code> with
        <code>{"agent": "…"}</code> alerts an agent with one that waits,
        <code>/no-answer</code> lets it ring out, <code>/queue</code> with
        <code>{"queue": "…"}</code> takes one from its flow, <code>/end</code> with
        <code>{"disconnectType": "system"}</code> ends one</li>
        <li><code>POST /sandbox/agents/{id}/token</code> logs an agent in; with
        <code>{"client": "…"}</code> at that client</li>
        <li><a href="/sandbox/journal">Journal</a> of all calls
        (<code>?path=/api/v2/…&amp;last=n</code>)</li>
        <li><a href="/sandbox/faults">Faults</a> still to strike; <code>POST</code> plans,
        <code>DELETE</code> lifts, <code>POST /sandbox/faults/release</code> releases held calls.
        A fault is <code>{"on": "create", "do": "reset", "applied": true}</code>, or a list of them
        <ul>
        <li><code>on</code>: \(names(Sandbox.Fault.Target.allCases)); else any call</li>
        <li><code>do</code>: \(names(Sandbox.Fault.Action.allCases))</li>
        <li>and if need be: <code>applied</code>, <code>times</code> (0 for ever),
        <code>skip</code>, <code>chance</code>, <code>status</code>, <code>code</code>,
        <code>retryAfter</code>, <code>seconds</code>, <code>body</code>,
        <code>resetsConnections</code></li>
        </ul></li>
        <li><a href="/sandbox/feed">Feed</a> of notifications; <code>POST</code> with
        <code>{"cut": true}</code> closes its sockets, <code>{"silent": true}</code> keeps them
        and says nothing, <code>{"drop": 3}</code> loses events</li>
        <li><a href="/shop">Demo shop</a>, a shop of the bridge;
        <a href="/shop/callbacks">callbacks</a> it has received,
        <code>POST /shop/behaviour</code> with
        <code>{"status": 503, "count": 2, "delay_ms": 0}</code> plans how the next are answered
        (and if need be <code>body</code>, <code>location</code>, <code>retry_after</code>,
        <code>applied</code>)</li>
        <li><a href="/desk">Agents' desk</a>, which opens the bridge's widget beside what alerts the
        agent</li>
        <li><a href="/sandbox/settings">Settings</a>; <code>POST</code> changes some</li>
        <li><code>POST /sandbox/limits</code> with
        <code>{"requests": 300, "seconds": 60}</code></li>
        <li><code>DELETE /sandbox</code> forgets all</li>
        </ul>
        </body>
        </html>

        """

    private static func names(_ cases: [some RawRepresentable<String>]) -> String {
        cases.map { "<code>\($0.rawValue)</code>" }.joined(separator: ", ")
    }
}
