/// A key's place in the settings, from the outside in.
enum SettingPath {
    /// The place a short form stands for: `shop` is the shop `default`, a queue or flow of `genesys`
    /// the route `default`.
    static func canonical(_ path: [String]) -> [String] {
        if path.first == "shop" { return ["shops", "default"] + path.dropFirst() }
        if path == ["genesys", "queueID"] || path == ["genesys", "flowID"] {
            return ["routes", "default"] + path.dropFirst()
        }
        return path
    }

    /// The short form of a place, which is how a message names it; the place itself if it has none.
    static func short(_ path: [String]) -> [String] {
        if path.starts(with: ["shops", "default"]) { return ["shop"] + path.dropFirst(2) }
        if path.starts(with: ["routes", "default"]), ["queueID", "flowID"].contains(path.last) {
            return ["genesys"] + path.dropFirst(2)
        }
        return path
    }

    /// Whether a shop, a route or a token may be called so.
    static func isName(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count)
            && name.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || $0 == "-" || $0 == "_" }
    }

    /// Every key that can be named beforehand, and so has an environment variable.
    static let fixed: [[String]] = Settings.table.compactMap { setting in
        let path = setting.pattern.map { $0 == "*" ? "default" : $0 }
        let short = short(path)
        let names = setting.pattern.count { $0 == "*" }
        return names > 1 || names == 1 && short == path ? nil : short
    }
}
