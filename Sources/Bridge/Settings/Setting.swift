/// One key of the settings: what it is called, what it takes, and where its value goes.
struct Setting: Sendable {
    /// The key's segments, with `*` for a name that the file chooses: `shops.*.toName`.
    let pattern: [String]
    let isList: Bool
    /// Is never repeated in a message, and may come as a credential.
    let isSecret: Bool
    /// As it is written in the file; `nil` where there is none.
    let fallback: String?
    /// A value to show where there is no default.
    let example: String?
    let help: String
    /// Puts a value in its place, given the names for the stars; `false` if it is not what is expected.
    let set: @Sendable (inout Settings, [String], RawValue) -> Bool
    /// What is wrong with a value that is not what is expected.
    let fault: @Sendable (RawValue) -> SettingFault
}

/// A part of the settings; made without arguments it holds the defaults.
protocol SettingsPart: Sendable {
    init()
}

/// A key of one part of the settings, such as a shop's `toName`.
struct PartKey<Part: SettingsPart>: Sendable {
    let name: String
    let isList: Bool
    let isSecret: Bool
    let fallback: String?
    let example: String?
    let help: String
    let set: @Sendable (inout Part, RawValue) -> Bool
    let fault: @Sendable (RawValue) -> SettingFault

    init<Value: Sendable>(
        _ name: String, _ place: any WritableKeyPath<Part, Value> & Sendable,
        _ form: SettingForm<Value>, secret: Bool = false, example: String? = nil, _ help: String
    ) {
        self.name = name
        isList = form.isList
        isSecret = secret
        fallback = form.write(Part()[keyPath: place])
        self.example = example
        self.help = help
        fault = { form.fault(of: $0) }
        set = { part, raw in
            guard let value = form.read(raw) else { return false }
            part[keyPath: place] = value
            return true
        }
    }

    /// The key in its place: `modify` is given the names for the stars of `prefix`.
    func setting(
        at prefix: [String],
        modify: @escaping @Sendable (inout Settings, [String], (inout Part) -> Bool) -> Bool
    ) -> Setting {
        let set = set
        return Setting(
            pattern: prefix + [name], isList: isList, isSecret: isSecret, fallback: fallback,
            example: example, help: help,
            set: { settings, names, raw in modify(&settings, names) { set(&$0, raw) } },
            fault: fault)
    }
}

extension Setting {
    /// The names that stand for the stars; `nil` if this is not the key of that path.
    func names(in path: [String]) -> [String]? {
        guard path.count == pattern.count else { return nil }
        var names: [String] = []
        for (segment, own) in zip(path, pattern) {
            if own == "*" { names.append(segment) } else if own != segment { return nil }
        }
        return names
    }

    /// The environment variable of a key: `genesys.clientID` is `BRIDGE_GENESYS_CLIENT_ID`.
    static func variable(_ path: [String]) -> String {
        var name = "BRIDGE"
        for segment in path {
            name += "_"
            var last: Character?
            for character in segment {
                if character.isUppercase, last?.isLowercase == true { name += "_" }
                name += character.uppercased()
                last = character
            }
        }
        return name
    }
}
