import CurlTransport
import GenesysCloud
import Listener
import Logging
import Outbox
import ShopCallback

// The one table of the settings: reading, environment, messages and the example file come from it.
// A new key is one line here and its place in `Settings`.

extension Settings {
    static let table: [Setting] =
        listenKeys + genesysKeys + routeKeys + shopKeys + opsKeys + deliveryKeys + callbackKeys
        + widgetKeys + processKeys

    typealias Key = PartKey<Settings>

    private static let listenKeys = fixed([
        Key(
            "listen.public", \.listen.public, .address,
            "Where shops post their messages."),
        Key(
            "listen.ops", \.listen.ops, .address,
            """
            Where operators and the metrics look: /outbox, /healthz, /readyz, /metrics. Beyond \
            this machine it needs ops.tokens.
            """),
        Key(
            "listen.publicURL", \.listen.publicURL, .optional(.origin),
            example: "https://bridge.example.com",
            """
            What agents' browsers and shops reach listen.public by, as a rule a reverse proxy with \
            TLS. Needed for the agents' tab.
            """),
    ])

    private static let genesysKeys = fixed([
        Key(
            "genesys.region", \.genesys.region, .optional(.domain),
            example: "mypurecloud.de",
            """
            The domain of your Genesys Cloud region; login.DOMAIN and api.DOMAIN are called over \
            HTTPS.
            """),
        Key(
            "genesys.loginURL", \.genesys.loginURL, .optional(.origin),
            example: "https://login.mypurecloud.de",
            "Instead of login.DOMAIN, for a gateway or the sandbox."),
        Key(
            "genesys.apiURL", \.genesys.apiURL, .optional(.origin),
            example: "https://api.mypurecloud.de",
            "Instead of api.DOMAIN, for a gateway or the sandbox."),
        Key(
            "genesys.clientID", \.genesys.clientID, .text,
            example: "3f6a0c1e-0000-4000-8000-00000000000a",
            "The OAuth client with the client credentials grant, made for the bridge alone."),
        Key(
            "genesys.clientSecret", \.genesys.clientSecret, .clientSecret,
            secret: true, example: "the one that Genesys shows beside its id",
            "The OAuth client's secret; better as a credential than in this file."),
        Key(
            "genesys.provider", \.genesys.provider, .provider,
            """
            What Genesys calls this integration in every conversation and report. The store is \
            bound to it: do not change it later.
            """),
        Key(
            "genesys.requestsPerMinute", \.genesys.requestsPerMinute,
            .number(1...1_000_000),
            """
            The most calls a minute. Genesys allows 300 a token; the rest is for whoever else \
            uses the client.
            """),
        Key(
            "genesys.monthlyCalls", \.genesys.monthlyCalls,
            .optional(.number(1...1_000_000_000)), example: "3000000",
            """
            The calls of a calendar month that your licences cover. Looks, names and the like \
            stop at a tenth of them; messages are sent in any case. No limit unless set.
            """),
    ])

    private static let routeKeys = [
        PartKey<Route>(
            "queueID", \.queueID, .optional(.genesysID),
            example: "3f6a0c1e-0000-4000-8000-000000000001",
            "The queue that conversations go to; either this or flowID."),
        PartKey<Route>(
            "flowID", \.flowID, .optional(.genesysID),
            example: "3f6a0c1e-0000-4000-8000-000000000002",
            "The inbound email flow that conversations go to; either this or queueID."),
        PartKey<Route>(
            "priority", \.priority, .number(-1_000_000...1_000_000),
            "The priority in the queue; a point counts as a minute of waiting there."),
        PartKey<Route>(
            "priorityPerMinute", \.priorityPerMinute, .number(0...1000),
            "Added for each minute that a message had to wait in the bridge."),
        PartKey<Route>(
            "priorityCap", \.priorityCap, .number(0...1_000_000),
            "The most that waiting adds."),
        PartKey<Route>(
            "skillIDs", \.skillIDs, .list(.genesysID),
            example: "[3f6a0c1e-0000-4000-8000-000000000003]",
            "Skills that the agent must have."),
        PartKey<Route>(
            "languageID", \.languageID, .optional(.genesysID),
            example: "3f6a0c1e-0000-4000-8000-000000000004",
            "The language that the agent must have."),
        PartKey<Route>(
            "utilizationLabel", \.utilizationLabel, .optional(.genesysID),
            example: "3f6a0c1e-0000-4000-8000-000000000005",
            "The utilization label of the conversation, by its id."),
    ].map { key in
        key.setting(at: ["routes", "*"]) { settings, names, change in
            change(&settings.routes[RouteName(names[0]), default: Route()])
        }
    }

    private static let shopKeys =
        [
            PartKey<Shop>(
                "secrets", \.secrets, .list(.signingSecret), secret: true,
                example: "[what echo whsec_$(openssl rand -base64 32) prints]",
                """
                Secrets the shop signs its posts with (Standard Webhooks). Two during a \
                rotation: the new one and the old one. Better as a credential, one a line.
                """),
            PartKey<Shop>(
                "routes", \.routes, .list(.routeName), example: "[default]",
                """
                The routes that the shop's messages may name; the first is for those that name \
                none. Needed only with several routes.
                """),
            PartKey<Shop>(
                "toName", \.toName, .text,
                "Whom the customer wrote to, as the agent sees it."),
            PartKey<Shop>(
                "threadKey", \.threadKey, .choice,
                """
                What makes messages one thread where the shop names none: the same order, the \
                same customer, or each message for itself.
                """),
            PartKey<Shop>(
                "personalFields", \.personalFields, .list(.choice),
                "What of the customer is written on the conversation: of id, name, email, phone, "
                    + "locale."),
            PartKey<Shop>(
                "callbackURL", \.callbackURL, .optional(.webAddress),
                example: "https://shop.example.com/bridge/answers",
                """
                Where agents' answers and events are posted to, signed; http only for this \
                machine and an address in callback.privateNetworks. Without it the shop asks \
                for the answers itself.
                """),
            PartKey<Shop>(
                "callbackSecrets", \.callbackSecrets, .list(.signingSecret), secret: true,
                example: "[what echo whsec_$(openssl rand -base64 32) prints]",
                """
                Secrets that sign what goes to callbackURL, each of them all of it: two during a \
                rotation. None that also stands in secrets.
                """),
            PartKey<Shop>(
                "events", \.events, .list(.event),
                """
                What is posted to callbackURL: agent.reply always, and of conversation.started, \
                conversation.accepted, conversation.transferred, conversation.ended, \
                conversation.updated, thread.status and message.dead those that are listed.
                """),
            PartKey<Shop>(
                "agentName", \.agentName, .choice,
                """
                How the shop is told an agent's name: full, as Genesys has it; first, its first \
                word; alias, that of agentAliases, else the first word; team, the queue's, else \
                toName.
                """),
        ].map { key in
            key.setting(at: ["shops", "*"]) { settings, names, change in
                change(&settings.shops[ShopName(names[0]), default: Shop()])
            }
        }
        + [agentAlias]
        + tokenKeys.map { key in
            key.setting(at: ["shops", "*", "tokens", "*"]) { settings, names, change in
                change(
                    &settings.shops[ShopName(names[0]), default: Shop()]
                        .tokens[names[1], default: Token()])
            }
        }

    private static let agentAlias = Setting(
        pattern: ["shops", "*", "agentAliases", "*"], isList: false, isSecret: false,
        fallback: nil, example: "Robin", help: "What this agent is called.",
        set: { settings, names, raw in
            guard let alias = SettingForm.text.read(raw) else { return false }
            settings.shops[ShopName(names[0]), default: Shop()]
                .agentAliases[names[1].lowercased()] = alias
            return true
        },
        fault: { SettingForm.text.fault(of: $0) })

    private static let opsKeys = tokenKeys.map { key in
        key.setting(at: ["ops", "tokens", "*"]) { settings, names, change in
            change(&settings.ops.tokens[names[0], default: Token()])
        }
    }

    private static let tokenKeys = [
        PartKey<Token>(
            "secret", \.secret, .tokenSecret, secret: true,
            example: "what openssl rand -hex 24 prints",
            "The bearer token itself; better as a credential."),
        PartKey<Token>(
            "scope", \.scope, .optional(.choice), example: "write",
            "What it may do: read, or write, which includes reading."),
    ]

    private static let deliveryKeys = fixed([
        Key(
            "conversation.followUps", \.conversation.followUps, .choice,
            """
            What a further message of a thread becomes: join, a part of the thread's live \
            conversation, where there is one; or new, a conversation of its own.
            """),
        Key(
            "conversation.unanswered", \.conversation.unanswered, .choice,
            """
            What is done where a conversation ended and the customer has no answer: watch creates \
            it again or shows it to a person, ignore does nothing.
            """),
        Key(
            "conversation.recreateAfter", \.conversation.recreateAfter,
            .list(.duration(.milliseconds(1)...(.seconds(30 * 86_400))), orNone: true),
            """
            How long after its end a conversation that no agent took is created again, the first \
            time, the second, …; then a person has to see to it. [] never does.
            """),
        Key(
            "retry.schedule", \.retry.schedule,
            .list(.duration(.milliseconds(1)...(.seconds(7 * 86_400)))),
            """
            The waits between attempts, the last one repeated, each ±20 %. Waiting for quota or \
            for an unreachable Genesys is not an attempt.
            """),
        Key(
            "retry.lifetime", \.retry.lifetime,
            .duration(.seconds(1)...(.seconds(365 * 86_400))),
            "How long a message is tried before it is dead; only time with Genesys reachable counts."
        ),
        Key(
            "retry.inDoubt", \.retry.inDoubt, .choice,
            """
            Where the answer was lost and no look can tell whether Genesys has the message: hold \
            it for a person, or resend it, marked as a possible duplicate.
            """),
        Key(
            "retry.lookAt", \.retry.lookAt,
            .list(.duration(.milliseconds(1)...(.seconds(86_400)))),
            """
            When to look for a conversation whose creation was not answered, counted from then; \
            once more after as long again, before it is undecided.
            """),
        Key(
            "retry.lookUp", \.retry.lookUp, .list(.choice, orNone: true),
            """
            Where to look, in this order. What was not measured by check --live --probe can find, \
            but its silence proves nothing. [] looks nowhere.
            """),
    ])

    private static let callbackKeys = fixed([
        Key(
            "callback.schedule", \.callback.schedule,
            .list(.duration(.milliseconds(1)...(.seconds(7 * 86_400)))),
            "The waits between attempts at a shop's callback, the last one repeated, each ±20 %."),
        Key(
            "callback.lifetime", \.callback.lifetime,
            .duration(.seconds(1)...(.seconds(365 * 86_400))),
            """
            How long an answer or event is tried before it is dead, and a person has to see to it; \
            only time with the shop reachable counts.
            """),
        Key(
            "callback.privateNetworks", \.callback.privateNetworks,
            .list(.network, orNone: true),
            """
            Networks without public addresses, such as 10.20.0.0/16, that a callback may go to. A \
            name that leads into any other one is not followed there; behind a proxy the proxy's \
            address counts.
            """),
    ])

    private static let processKeys = fixed([
        Key(
            "retention.history", \.retention.history,
            .duration(.seconds(86_400)...(.seconds(3650 * 86_400))),
            """
            How long the attempts and changes of a message are kept after it was delivered or \
            discarded.
            """),
        Key(
            "retention.threads", \.retention.threads,
            .duration(.seconds(30 * 86_400)...(.seconds(3650 * 86_400))),
            """
            How long a thread is kept after its newest message, if all of it is delivered or \
            discarded. As long a repeated post is known for a repeat.
            """),
        Key(
            "store.path", \.store.path, .path,
            example: "/var/lib/genesys-bridge/outbox.sqlite",
            """
            The file that messages are kept in, on a local disk. Under systemd outbox.sqlite in \
            $STATE_DIRECTORY unless it is set.
            """),
        Key(
            "store.minFree", \.store.minFree, .bytes(0...(1 << 40)),
            "Below this much free disk posts are answered 503: what was accepted stays safe."),
        Key(
            "intake.maxBody", \.intake.maxBody, .bytes(1024...(64 << 20)),
            "The largest post that is read; a larger one is refused with 413."),
        Key(
            "intake.perMinute", \.intake.perMinute,
            .optional(.number(1...10_000_000)), example: "6000",
            "The most posts a minute of one credential, the others get 429; no limit unless set."),
        Key(
            "intake.maxPending", \.intake.maxPending, .number(1...100_000_000),
            "Above this many waiting messages posts are answered 503 with a time to come back."),
        Key(
            "intake.allowUnsigned", \.intake.allowUnsigned, .flag,
            """
            Takes posts of a shop that has neither secrets nor tokens. Only while listen.public \
            is this machine: for trying things out.
            """),
        Key(
            "log.level", \.log.level, .choice,
            "The least that is logged. No level shows customers' text or secrets."),
        Key(
            "log.format", \.log.format, .choice,
            "text for people, json for machines, one line each, on standard error."),
    ])

    static func fixed(_ keys: [PartKey<Settings>]) -> [Setting] {
        keys.map { key in
            let path = key.name.split(separator: ".").map(String.init)
            return Setting(
                pattern: path, isList: key.isList, isSecret: key.isSecret,
                fallback: key.fallback, example: key.example, help: key.help,
                set: { settings, _, raw in key.set(&settings, raw) }, fault: key.fault)
        }
    }
}

extension SettingForm where Value == RouteName {
    static let routeName = SettingForm(
        "a route's name", read: { SettingPath.isName($0) ? RouteName($0) : nil },
        write: { $0.description })
}
