import FoundationEssentials
import Listener
import Outbox
import Testing

@testable import Bridge

@Suite struct SettingsSourcesTests {
    @Test func aCredentialWinsOverTheEnvironmentAndThatOverTheFile() {
        var input = SettingsInput(
            yaml: """
                genesys: {clientID: file, clientSecret: file, provider: file}
                """)
        input.environment = [
            "BRIDGE_GENESYS_CLIENT_ID": "environment",
            "BRIDGE_GENESYS_CLIENT_SECRET": "environment", "HOME": "/root",
        ]
        input.credentials = ["genesys.clientSecret": "credential\n"]
        let (settings, problems) = Settings.read(input)
        #expect(problems.isEmpty)
        #expect(settings.genesys.clientSecret.text == "credential")
        #expect(settings.genesys.clientID == "environment")
        #expect(settings.genesys.provider == "file")
    }

    @Test func everyKeyOfAFixedNameHasItsOwnVariable() {
        let names = SettingPath.fixed.map(Setting.variable)
        #expect(Set(names).count == names.count)
        #expect(
            Set(names).isSuperset(of: [
                "BRIDGE_LISTEN_PUBLIC", "BRIDGE_GENESYS_LOGIN_URL", "BRIDGE_GENESYS_QUEUE_ID",
                "BRIDGE_SHOP_SECRETS", "BRIDGE_SHOP_PERSONAL_FIELDS", "BRIDGE_RETRY_SCHEDULE",
            ]))
        #expect(!names.contains { $0.contains("TOKEN") || $0.contains("ROUTES_") })
    }

    @Test func aListInTheEnvironmentIsSeparatedByCommas() {
        var input = SettingsInput()
        input.environment = [
            "BRIDGE_RETRY_SCHEDULE": "5s, 1m", "BRIDGE_SHOP_THREAD_KEY": "message",
        ]
        let (settings, problems) = Settings.read(input)
        #expect(problems.isEmpty)
        #expect(settings.retry.schedule == [.seconds(5), .seconds(60)])
        #expect(settings.shops[ShopName("default")]?.threadKey == .message)
    }

    @Test func credentialsMayHoldAnySecretButNothingElse() {
        var input = SettingsInput()
        input.credentials = [
            "shop.secrets": "\(whsec)\n\(whsec)\n", "key_shops.de.secrets": whsec,
            "ops.tokens.anna.secret": "0123456789abcdef", "log.level": "info",
            "genesys.clientSecrte": "x",
        ]
        let (settings, problems) = Settings.read(input)
        #expect(settings.shops[ShopName("default")]?.secrets.count == 2)
        #expect(settings.shops[ShopName("de")]?.secrets.count == 1)
        #expect(settings.ops.tokens["anna"]?.secret.text == "0123456789abcdef")
        #expect(
            problems.map(\.description) == [
                "credential log.level: log.level is no secret: set it in the file or the environment.",
                "credential genesys.clientSecrte: genesys.clientSecrte is not a setting. "
                    + "Did you mean genesys.clientSecret?",
            ])
    }

    @Test(arguments: [
        (
            "BRIDGE_GENESYS_CLIENTID",
            "stands for no setting. Did you mean BRIDGE_GENESYS_CLIENT_ID?"
        ),
        ("BRIDGE_LOG_LEVEL", "log.level is “loud”, not one of"),
        ("BRIDGE_LISTEN_OPS", "listen.ops is “loud”, not an address"),
    ])
    func refusesTheVariable(name: String, because message: String) {
        let problems = Settings.read(SettingsInput(environment: [name: "loud"])).problems
        #expect(problems.count == 1 && problems.first?.origin == .environment(name))
        #expect(problems.first?.message.hasPrefix(message) == true, "\(problems)")
    }

    @Test func theStoreIsInTheStateDirectoryUnlessSet() {
        var input = SettingsInput(environment: ["STATE_DIRECTORY": "/var/lib/a:/var/lib/b"])
        #expect(Settings.read(input).settings.store.path == "/var/lib/a/outbox.sqlite")
        input.environment["BRIDGE_STORE_PATH"] = "/srv/x.sqlite"
        #expect(Settings.read(input).settings.store.path == "/srv/x.sqlite")
    }

    @Test func readsTheFileAndTheCredentialsFromTheDisk() throws {
        let directory = FileManager.default.temporaryDirectory.appending(
            path: "bridge-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: directory) }
        let credentials = directory.appending(path: "credentials")
        try FileManager.default.createDirectory(
            at: credentials, withIntermediateDirectories: true)
        try Data("secret\n".utf8).write(to: credentials.appending(path: "genesys.clientSecret"))
        let file = directory.appending(path: "c.yaml")
        try Data("log: {level: debug}".utf8).write(to: file)
        let input = try SettingsInput.read(
            path: file.path, environment: ["CREDENTIALS_DIRECTORY": credentials.path])
        #expect(input.file?.text == "log: {level: debug}")
        #expect(input.credentials == ["genesys.clientSecret": "secret\n"])
        let missing = directory.appending(path: "missing.yaml").path
        let error = #expect(throws: SettingsError.self) {
            try SettingsInput.read(path: missing, environment: [:])
        }
        #expect(error?.description.hasPrefix("\(missing): there is no such file.") == true)
    }
}
