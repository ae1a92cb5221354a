extension Settings {
    /// Every key explained, as a YAML file to start from: what is not set there has its default.
    static var example: String {
        var lines = [
            "# genesys-bridge: every setting, with its default or an example behind a #. A secret has none: it",
            "# says there where yours comes from.",
            "#",
            "# Each key of a fixed name is also an environment variable: genesys.clientID is",
            "# BRIDGE_GENESYS_CLIENT_ID; a list is separated by commas there. A secret is also a file in",
            "# $CREDENTIALS_DIRECTORY that is called as its key, genesys.clientSecret or shop.secrets (one a",
            "# line). A credential wins over the environment, the environment over this file.",
            "#",
            "# Check it before you start: genesys-bridge check --config FILE",
        ]
        var open: [String] = []
        for path in examplePaths {
            guard let (setting, _) = Setting.find(path) else { continue }
            let shared = zip(open, path.dropLast()).prefix { $0 == $1 }.count
            for depth in shared..<(path.count - 1) {
                if depth == 0 { lines.append("") }
                lines += sections[path[...depth].joined(separator: "."), default: []].map {
                    indent(depth) + "# " + $0
                }
                lines.append(indent(depth) + path[depth] + ":")
            }
            open = Array(path.dropLast())
            lines += explanation(of: setting, named: path)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The keys in the order of the file: short forms where there are some, else an invented name.
    static var examplePaths: [[String]] {
        let paths = table.map { setting in
            switch setting.pattern.prefix(3) {
            case ["routes", "*", "queueID"], ["routes", "*", "flowID"]:
                ["genesys", setting.pattern[2]]
            case ["shops", "*", "tokens"]:
                ["shop", "tokens", "website"] + setting.pattern.dropFirst(4)
            case ["shops", "*", "agentAliases"]:
                ["shop", "agentAliases", "3f6a0c1e-0000-4000-8000-000000000006"]
            case ["ops", "tokens", "*"]: ["ops", "tokens", "anna"] + setting.pattern.dropFirst(3)
            default: SettingPath.short(setting.pattern.map { $0 == "*" ? "default" : $0 })
            }
        }
        let order = paths.map { $0[0] }
        return paths.enumerated().sorted { left, right in
            let first = order.firstIndex(of: left.element[0]) ?? 0
            let second = order.firstIndex(of: right.element[0]) ?? 0
            return (first, left.offset) < (second, right.offset)
        }
        .map(\.element)
    }

    private static let sections = [
        "routes": [
            "Where messages go. The route default is genesys.queueID or genesys.flowID; further ones",
            "have names of yours and a queueID or flowID of their own.",
        ],
        "shop": [
            "The shop. Several shops stand under shops, each by a name of yours with these same keys:",
            "shops.de.secrets, shops.fr.secrets.",
        ],
        "shop.tokens": [
            "Bearer tokens, for a shop that does not sign or that reads; each has a name of yours."
        ],
        "shop.agentAliases": [
            "With agentName: alias, what the customers see an agent called, by the agent's id at Genesys."
        ],
        "ops.tokens": ["Bearer tokens of operators and programs; each has a name of yours."],
    ]

    private static func explanation(of setting: Setting, named path: [String]) -> [String] {
        let margin = indent(path.count - 1)
        let value = setting.fallback ?? setting.example ?? ""
        let isUsual = ["genesys.region", "genesys.clientID", "genesys.queueID"].contains(
            path.joined(separator: "."))
        return wrap(setting.help, at: 92 - margin.count).map { margin + "# " + $0 }
            + [
                margin + (isUsual ? "" : "#") + path[path.count - 1] + ": " + value
            ]
    }

    private static func indent(_ depth: Int) -> String { String(repeating: "  ", count: depth) }
}

/// The text in lines of at most `width` characters, broken at blanks.
func wrap(_ text: String, at width: Int) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
        if let line = lines.last, line.count + word.count < width {
            lines[lines.count - 1] = line + " " + word
        } else {
            lines.append(String(word))
        }
    }
    return lines
}
