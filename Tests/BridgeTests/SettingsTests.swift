import GenesysCloud
import Listener
import Logging
import Outbox
import Testing

@testable import Bridge

@Suite struct SettingsTests {
    @Test func fewKeysAreEnoughForOneShopAndOneQueue() throws {
        let settings = try Settings.load(yaml: minimal)
        #expect(settings.genesys.loginURL?.description == "https://login.mypurecloud.de")
        #expect(settings.genesys.apiURL?.description == "https://api.mypurecloud.de")
        #expect(settings.routes[.default]?.queueID == queue)
        let shop = try #require(settings.shops[ShopName("default")])
        #expect(shop.secrets.map(\.text) == [whsec])
        #expect(shop.routes == [.default])
        #expect(shop.personalFields == [.id, .name, .email, .locale])
        #expect(settings.listen.public.description == "127.0.0.1:8080")
        #expect(settings.retry.lifetime == .seconds(259_200))
        #expect(settings.intake.maxBody == 1_048_576)
    }

    @Test func everyKeyArrivesInItsPlace() throws {
        let settings = try Settings.load(
            yaml: """
                listen: {public: "[::1]:9000", ops: "localhost:0"}
                genesys:
                  loginURL: http://127.0.0.1:8090/
                  apiURL: https://gateway.example.com:8443
                  clientID: 10
                  clientSecret: s
                  provider: Acme Shop
                  requestsPerMinute: 60000
                routes:
                  urgent: {flowID: \(queue), priority: -5, priorityPerMinute: 0, priorityCap: 60,
                           skillIDs: [\(queue)], languageID: \(queue), utilizationLabel: \(queue)}
                  calm: {queueID: \(queue)}
                shops:
                  de:
                    secrets: [\(whsec)]
                    tokens: {web: {secret: 0123456789abcdef, scope: write}}
                    routes: [calm, urgent]
                    toName: no
                    threadKey: customer
                    personalFields: [phone]
                ops: {tokens: {anna: {secret: fedcba9876543210, scope: read}}}
                conversation: {followUps: new, recreateAfter: [], unanswered: ignore}
                retry: {schedule: [250ms, 1d], lifetime: 90m}
                retention: {history: 2d, threads: 31d}
                store: {path: /tmp/x.sqlite}
                intake: {maxBody: 512KiB, perMinute: 12, allowUnsigned: "true"}
                log: {level: debug, format: json}
                """)
        #expect(settings.listen.public == ListenAddress(host: "::1", port: 9000))
        #expect(settings.listen.ops == ListenAddress(host: "localhost", port: 0))
        #expect(settings.genesys.loginURL?.description == "http://127.0.0.1:8090")
        #expect(settings.genesys.apiURL?.description == "https://gateway.example.com:8443")
        #expect(settings.genesys.clientID == "10")
        #expect(settings.genesys.provider == "Acme Shop")
        #expect(settings.genesys.requestsPerMinute == 60000)
        let urgent = try #require(settings.routes[RouteName("urgent")])
        #expect(urgent.flowID == queue && urgent.queueID == nil && urgent.languageID == queue)
        #expect((urgent.priority, urgent.priorityPerMinute, urgent.priorityCap) == (-5, 0, 60))
        #expect(urgent.skillIDs == [queue] && urgent.utilizationLabel == queue)
        let shop = try #require(settings.shops[ShopName("de")])
        #expect(settings.shops.count == 1)
        #expect(shop.tokens["web"]?.secret.text == "0123456789abcdef")
        #expect(shop.tokens["web"]?.scope == .write)
        #expect(shop.routes == [RouteName("calm"), RouteName("urgent")])
        #expect(shop.toName == "no")
        #expect(shop.threadKey == .customer && shop.personalFields == [.phone])
        #expect(settings.ops.tokens["anna"]?.scope == .read)
        #expect(settings.retry.schedule == [.milliseconds(250), .seconds(86_400)])
        #expect(settings.retry.lifetime == .seconds(5400))
        #expect(
            settings.retention
                == Retention(history: .seconds(2 * 86_400), threads: .seconds(31 * 86_400)))
        #expect(settings.store.path == "/tmp/x.sqlite")
        #expect(settings.intake.maxBody == 524_288 && settings.intake.perMinute == 12)
        #expect(settings.intake.allowUnsigned)
        #expect(settings.log.level == .debug && settings.log.format == .json)
    }

    @Test(arguments: [
        // A value of another kind, an unknown key, a slip of YAML.
        (
            "genesys: {requestsPerMinute: 270.0}",
            "c.yaml:1: genesys.requestsPerMinute is “270.0”, not a whole number from 1 to 1000000."
        ),
        (
            "genesys: {requestsPerMinute: 0x10}",
            "c.yaml:1: genesys.requestsPerMinute is “0x10”, not a whole number"
        ),
        ("genesys: {requestsPerMinute: 1_000}", "is “1_000”, not a whole number"),
        ("genesys: {requestsPerMinute: 010}", "is “010”, not a whole number"),
        ("genesys: {requestsPerMinute: 0}", "is “0”, not a whole number from 1 to"),
        (
            "genesys:\n  clientId: x",
            "c.yaml:2: genesys.clientId is not a setting. Did you mean genesys.clientID?"
        ),
        ("genesys: {clinetID: x}", "Did you mean genesys.clientID?"),
        ("clientID: x", "clientID is not a setting. Did you mean genesys.clientID?"),
        ("gensys: {region: x.y}", "gensys.region is not a setting. Did you mean genesys.region?"),
        (
            "shops: {de: {secret: x}}",
            "shops.de.secret is not a setting. Did you mean shops.de.secrets?"
        ),
        ("genesys: {queue: x}", "Did you mean genesys.queueID?"),
        ("route: {a: {flowID: x}}", "route.a.flowID is not a setting. Did you mean"),
        ("shop: {threadkey: order}", "Did you mean shop.threadKey?"),
        ("shop: {tokens: {web: {scop: read}}}", "Did you mean shop.tokens.web.scope?"),
        (
            "listen: {publik: x}",
            "listen.publik is not a setting. Did you mean listen.public?"
        ),
        ("genesys: 5", "genesys is a section: it takes keys below it, such as genesys.region."),
        ("shop: [a]", "shop is a section"),
        ("log: {level: {a: 1}}", "log.level.a: nothing can be set below a value."),
        ("log: {level: }", "log.level is without a value, not one of trace, debug,"),
        ("log: {level: ''}", "log.level is empty, not one of"),
        ("log: {level: [info]}", "log.level is [info], not one of"),
        ("log: {level: loud}", "log.level is “loud”, not one of trace,"),
        ("intake: {allowUnsigned: yes}", "intake.allowUnsigned is “yes”, not true or false."),
        ("intake: {maxBody: 1MB}", "is “1MB”, not a size such as 512KiB or 1MiB, 1KiB to 64MiB."),
        ("intake: {maxBody: 999999999999GiB}", "not a size"),
        ("retry: {lifetime: 72}", "is “72”, not a duration such as 5s, 30m or 72h, 1s to 365d."),
        ("retry: {schedule: 5s}", "is “5s”, not a list, each item a duration"),
        ("retry: {schedule: []}", "retry.schedule is empty, not a list"),
        (
            "retry: {schedule: [5s, 1e3s]}",
            "retry.schedule: item 2 is “1e3s”, not a duration such as 5s, 30m or 72h, 1ms to 7d."
        ),
        ("retry: {schedule: [[5s]]}", "retry.schedule: item 1 is [5s], not a duration"),
        ("retry: {schedule: [5s, {a: 1}]}", "retry.schedule: item 2 is something else, not a"),
        ("retry:\n  schedule:\n  - 5s\n  -", "item 2 is without a value, not a duration"),
        ("retry: {schedule: {a: 5s}}", "retry.schedule.a: nothing can be set below a value."),
        ("listen: {public: 8080}", "is “8080”, not an address and a port"),
        ("listen: {public: '0.0.0.0:70000'}", "not an address and a port"),
        ("listen: {public: '::1:80'}", "not an address and a port"),
        (
            "genesys: {region: https://mypurecloud.de}",
            "not a region's domain such as mypurecloud.de."
        ),
        ("genesys: {loginURL: http://login.example.com}", "http only for this machine."),
        ("genesys: {loginURL: https://login.example.com/x}", "without path"),
        ("genesys: {queueID: Support}", "is “Support”, not an id as Genesys shows it"),
        ("genesys: {provider: purecloud email}", "which Genesys keeps for its own mail."),
        (
            "shop: {secrets: [whsec_c2hvcnQ=]}",
            "shop.secrets: item 1 is something else, not whsec_"
        ),
        (
            "shop: {secrets: [\(whsec), correct-horse-battery]}",
            "shop.secrets: item 2 is something else, not whsec_"
        ),
        (
            "shop: {secrets: \(whsec)}",
            "shop.secrets is something else, not a list, each item whsec_"
        ),
        (
            "shop: {tokens: {web: {secret: short}}}",
            "shop.tokens.web.secret is something else, not a secret of at least 16 bytes"
        ),
        (
            "shop: {callbackURL: 'https://me:secret@shop.example'}",
            "not an address such as https://shop.example.com/answers, without a user's name."
        ),
        ("shop: {callbackURL: shop.example/answers}", "not an address such as"),
        ("shop: {callbackURL: 'https://shop.example/#a'}", "not an address such as"),
        ("shop: {callbackSecrets: [short]}", "shop.callbackSecrets: item 1 is something else, not"),
        (
            "shop: {events: [agent.replies]}",
            "item 1 is “agent.replies”, not one of agent.reply, conversation.started,"
        ),
        ("shop: {events: [agent.reply, thread.state]}", "Did you mean thread.status?"),
        ("shop: {events: [thread.close]}", "item 1 is “thread.close”, not one of"),
        ("shop: {events: []}", "shop.events is empty, not a list"),
        ("shop: {agentName: nick}", "“nick”, not one of full, first, alias, team."),
        ("shop: {agentAliases: {'a b': Robin}}", "the name a b has to be 1 to 64 letters"),
        ("callback: {privateNetworks: [10.1.0.0/8]}", "not a network such as 10.0.0.0/8"),
        ("callback: {lifetime: 0s}", "such as 5s, 30m or 72h, 1s to 365d."),
        ("conversation: {followUps: merge}", "“merge”, not one of join, new."),
        ("shop: {tokens: {'a b': {scope: read}}}", "the name a b has to be 1 to 64 letters"),
        ("retention: {threads: 29d}", "such as 5s, 30m or 72h, 30d to 3650d."),
        ("shop: {routes: ['a b']}", "shop.routes: item 1 is “a b”, not a route's name."),
        ("store: {path: outbox.sqlite}", "is “outbox.sqlite”, not an absolute path."),
        (
            "genesys: {queueID: \(queue)}\nroutes: {default: {queueID: \(queue)}}",
            "c.yaml:2: routes.default.queueID is given twice, here and at c.yaml:1."
        ),
        ("log: {level: info}\nlog: {level: info}", "c.yaml:1: log is given twice."),
        (
            "log:\n\t level: info",
            "c.yaml:2: is not YAML: found character that cannot start any token."
        ),
        ("log: {level: info}\n---\nlog: {level: info}", "c.yaml:3: only one YAML document is read"),
        ("just text", "c.yaml:1: is not a mapping of keys to values."),
    ])
    func refuses(yaml: String, because message: String) throws {
        let problems = Settings.read(SettingsInput(yaml: yaml)).problems.map(\.description)
        #expect(problems.count == 1)
        #expect(problems.first?.contains(message) == true, "\(problems)")
    }

    @Test(arguments: [
        ("genesys.region", "genesys.region is missing"),
        ("genesys.clientID", "genesys.clientID is missing"),
        ("genesys.clientSecret", "genesys.clientSecret is missing"),
        ("genesys.queueID", "genesys.queueID is missing: set it, or genesys.flowID"),
        ("store.path", "store.path is missing"),
        ("shop.secrets", "shop.secrets is missing, and no token of this shop may write"),
    ])
    func says(that key: String, _ message: String) throws {
        let lines = minimal.split(separator: "\n").filter { !$0.hasPrefix("\(key):") }
        #expect(try problems(lines.joined(separator: "\n")).first?.hasPrefix(message) == true)
    }

    @Test(arguments: [
        ("genesys.flowID: \(queue)", "genesys.queueID and genesys.flowID are both set"),
        (
            "routes.b.priority: 1\nshop.routes: [default]",
            "routes.b.queueID is missing: set it, or routes.b.flowID."
        ),
        (
            "routes.b.queueID: \(queue)\nshops.de.secrets: [\(other)]\nshops.de.routes: [c]",
            "shops.de.routes names c, which is not one of the routes: b, default."
        ),
        ("shops.de.secrets: [\(whsec)]", "shop.secrets and shops.de.secrets have the same secret"),
        (
            "shops.de.secrets: [\(whsec.dropLast())]",
            "shop.secrets and shops.de.secrets have the same secret"
        ),
        ("shops.de.toName: x", "shops.de.secrets is missing"),
        (
            "shops.de.tokens.web.secret: 0123456789abcdef\nshops.de.tokens.web.scope: read",
            "shops.de.secrets is missing, and no token"
        ),
        ("ops.tokens.a.secret: 0123456789abcdef", "ops.tokens.a.scope is missing: read or write."),
        (
            "ops.tokens.a.scope: read",
            "ops.tokens.a.secret is missing: give it as the credential ops.tokens.a.secret"
        ),
        (
            "listen.public: 0.0.0.0:80\nintake.allowUnsigned: true",
            "intake.allowUnsigned is true, but listen.public is 0.0.0.0:80"
        ),
        ("listen.ops: '[::]:8081'", "ops.tokens is missing, but listen.ops is [::]:8081"),
        (
            "retention.history: 31d\nretention.threads: 30d",
            "retention.threads is shorter than retention.history"
        ),
        ("listen.ops: 127.0.0.1:8080", "listen.public and listen.ops are the same address"),
    ])
    func refusesWhatDoesNotFitTogether(more: String, because message: String) throws {
        let problems = try problems("\(minimal)\n\(more)")
        #expect(problems.count == 1)
        #expect(problems.first?.hasPrefix(message) == true, "\(problems)")
    }

    @Test func anUnsignedShopIsTakenOnThisMachineOnlyWhenAskedFor() throws {
        let unsigned = minimal.replacing("shop.secrets", with: "#")
        #expect(try Settings.load(yaml: "\(unsigned)\nintake.allowUnsigned: true").shops.count == 1)
    }

    @Test func severalProblemsComeAtOnceInTheOrderOfTheFile() throws {
        let yaml = "log: {levl: info}\nretry: {lifetime: long}\nlisten: {ops: x}"
        let error = #expect(throws: SettingsError.self) {
            try Settings.load(SettingsInput(yaml: yaml))
        }
        #expect(error?.problems.compactMap(\.origin) == (1...3).map { .file("c.yaml", line: $0) })
    }

    @Test func emptySectionsSetNothing() throws {
        let settings = try Settings.load(
            yaml: "\(minimal)\nlisten:\nroutes:\nops:\n  tokens:\n    anna:")
        #expect(settings.ops.tokens.isEmpty)
    }

    @Test func noSecretShowsInAMessageOrADump() throws {
        let settings = try Settings.load(yaml: minimal)
        var text = ""
        dump(settings, to: &text)
        #expect(!text.contains(whsec) && !"\(settings)".contains(whsec))
        let yaml =
            "shop: {secrets: [hunter2], tokens: {a: {secret: hunter2}}}\ngenesys: {clientSecret: hunter 2}"
        let problems = Settings.read(SettingsInput(yaml: yaml)).problems
        #expect(problems.count == 3 && !"\(problems)".contains("hunter"))
    }
}

/// Keys with dots, one a line, which the tests can add to and take from.
private let minimal = """
    genesys.region: mypurecloud.de
    genesys.clientID: client
    genesys.clientSecret: demo-secret
    genesys.queueID: \(queue)
    store.path: /var/lib/genesys-bridge/outbox.sqlite
    shop.secrets: [\(whsec)]
    """
let queue = "3f6a0c1e-0000-4000-8000-000000000001"
let whsec = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
private let other = "whsec_BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA"

private func problems(_ yaml: String) throws -> [String] {
    let error = #expect(throws: SettingsError.self) { try Settings.load(yaml: yaml) }
    return try #require(error).problems.map(\.description)
}

extension SettingsInput {
    init(yaml: String) { self.init(file: File(name: "c.yaml", text: yaml)) }
}

extension Settings {
    fileprivate static func load(yaml: String) throws(SettingsError) -> Settings {
        try load(SettingsInput(yaml: yaml))
    }
}
