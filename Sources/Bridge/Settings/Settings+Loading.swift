import Outbox

extension Settings {
    /// Reads, in falling precedence, credentials, environment, file and defaults.
    ///
    /// - Throws: every problem there is, in the order of the file; nothing is half used.
    static func load(_ input: SettingsInput) throws(SettingsError) -> Settings {
        let (settings, problems) = read(input)
        let missing = problems.isEmpty ? settings.broken() : []
        guard problems.isEmpty, missing.isEmpty else {
            throw SettingsError(problems: problems + missing)
        }
        return settings
    }

    /// What can be read, with what cannot: for the commands that need a key or two only.
    static func read(_ input: SettingsInput) -> (settings: Settings, problems: [SettingProblem]) {
        let sources = FoundSettings(input)
        var settings = Settings()
        var problems = sources.problems
        var origins: [[String]: SettingOrigin] = [:]
        // Later sources overwrite earlier ones.
        for found in sources.found {
            let path = SettingPath.canonical(found.path)
            if let other = origins[path], other.isSame(as: found.origin) {
                let twice = "\(found.key) is given twice, here and at \(other)."
                problems.append(SettingProblem(origin: found.origin, message: twice))
                continue
            }
            if let message = settings.take(found, at: path) {
                problems.append(SettingProblem(origin: found.origin, message: message))
            } else {
                origins[path] = found.origin
            }
        }
        settings.complete(stateDirectory: input.environment["STATE_DIRECTORY"])
        return (settings, problems)
    }

    /// Puts the value in its place, or says why not.
    private mutating func take(_ found: FoundSetting, at path: [String]) -> String? {
        guard let (setting, names) = Setting.find(path) else {
            return Setting.refusal(of: found, at: path)
        }
        if let name = names.first(where: { !SettingPath.isName($0) }) {
            return "\(found.key): the name \(name) has to be 1 to 64 letters, digits, - or _."
        }
        guard !setting.set(&self, names, found.value) else { return nil }
        return found.key + setting.fault(found.value).message(secret: setting.isSecret)
    }

    /// Fills in what follows from the rest.
    private mutating func complete(stateDirectory: String?) {
        if store.path.isEmpty, let directory = stateDirectory?.split(separator: ":").first {
            store.path = "\(directory)/outbox.sqlite"
        }
        if let region = genesys.region {
            genesys.loginURL = genesys.loginURL ?? Origin("https://login.\(region)")
            genesys.apiURL = genesys.apiURL ?? Origin("https://api.\(region)")
        }
        if shops.isEmpty { shops[ShopName("default")] = Shop() }
        guard let only = routes[.default] != nil ? .default : routes.keys.first,
            only == .default || routes.count == 1
        else { return }
        for name in shops.keys where shops[name]?.routes.isEmpty == true {
            shops[name]?.routes = [only]
        }
    }
}

extension Setting {
    /// The setting of a path, short or not, and the names for its stars.
    static func find(_ path: [String]) -> (setting: Setting, names: [String])? {
        let path = SettingPath.canonical(path)
        for setting in Settings.table {
            if let names = setting.names(in: path) { return (setting, names) }
        }
        return nil
    }

    /// Why a path that is no setting is refused; `nil` for a section that is only empty.
    fileprivate static func refusal(of found: FoundSetting, at path: [String]) -> String? {
        if path.indices.dropFirst().contains(where: { find(Array(path[..<$0])) != nil }) {
            return "\(found.key): nothing can be set below a value."
        }
        let isLong = ["shops", "routes"].contains(found.path.first)
        let candidates = Settings.table.map { setting in
            let names = setting.filled(from: path)
            return isLong ? names : SettingPath.short(names)
        }
        let inside = candidates.filter { candidate in
            SettingPath.canonical(candidate).starts(with: path)
        }
        if let example = inside.first {
            if found.value == .nothing { return nil }
            let key = example.joined(separator: ".")
            return "\(found.key) is a section: it takes keys below it, such as \(key)."
        }
        let nearest = nearestKey(to: found.path, among: candidates)
        return "\(found.key) is not a setting." + (nearest.map { " Did you mean \($0)?" } ?? "")
    }

    /// The key with the path's own names for the stars, as far as the path leads there.
    private func filled(from path: [String]) -> [String] {
        var key: [String] = []
        for (depth, segment) in pattern.enumerated() {
            let isThere = segment == "*" && path.count > depth && path.starts(with: key)
            key.append(
                segment != "*" ? segment : isThere ? path[depth] : depth == 1 ? "default" : "NAME")
        }
        return key
    }
}

extension SettingOrigin {
    /// Whether both are the same source, so that none of them overrides the other.
    fileprivate func isSame(as other: SettingOrigin) -> Bool {
        switch (self, other) {
        case (.file, .file), (.environment, .environment), (.credential, .credential): true
        default: false
        }
    }
}
