import Yams

/// A value that a source gives for a key, which need not exist.
struct FoundSetting: Equatable {
    /// As it is written, short forms included.
    var path: [String]
    var value: RawValue
    var origin: SettingOrigin

    var key: String { path.joined(separator: ".") }
}

/// Every value of every source, before the table is asked what it means.
struct FoundSettings {
    var found: [FoundSetting] = []
    var problems: [SettingProblem] = []

    init(_ input: SettingsInput) {
        if let file = input.file { read(file) }
        read(environment: input.environment)
        read(credentials: input.credentials)
    }

    // MARK: File

    private mutating func read(_ file: SettingsInput.File) {
        do {
            let parser = try Parser(yaml: file.text)
            let first = try parser.nextRoot()
            let second = try parser.nextRoot()
            if second != nil {
                refuse(file, second?.mark, "only one YAML document is read: remove the --- here.")
            }
            if let first { flatten(first, at: [], of: file) }
        } catch let error as YamlError {
            let (mark, text) = error.place
            refuse(file, mark, "\(text).")
        } catch {
            refuse(file, nil, "is not YAML.")
        }
    }

    private mutating func flatten(_ node: Node, at path: [String], of file: SettingsInput.File) {
        if case .mapping(let mapping) = node {
            for (key, node) in mapping {
                guard let name = key.scalar?.string else {
                    refuse(file, key.mark, "\(path.joined(separator: ".")): a key is a plain name.")
                    continue
                }
                flatten(node, at: path + segments(name), of: file)
            }
            return
        }
        let value = RawValue(node)
        if path.isEmpty {
            if value != .nothing { refuse(file, node.mark, "is not a mapping of keys to values.") }
            return
        }
        let origin = SettingOrigin.file(file.name, line: node.mark?.line)
        found.append(FoundSetting(path: path, value: value, origin: origin))
    }

    /// A key may be written whole, `genesys.region: …`, instead of in sections.
    private func segments(_ key: String) -> [String] {
        key.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    }

    private mutating func refuse(_ file: SettingsInput.File, _ mark: Mark?, _ message: String) {
        let origin = SettingOrigin.file(file.name, line: mark?.line)
        problems.append(SettingProblem(origin: origin, message: message))
    }

    // MARK: Environment

    private mutating func read(environment: [String: String]) {
        let paths = Dictionary(
            SettingPath.fixed.map { (Setting.variable($0), $0) },
            uniquingKeysWith: { first, _ in first })
        for (name, text) in environment.sorted(by: { $0.key < $1.key })
        where name.hasPrefix("BRIDGE_") {
            let origin = SettingOrigin.environment(name)
            guard let path = paths[name] else {
                let nearest = paths.keys.sorted().min {
                    editDistance($0, name) < editDistance($1, name)
                }
                let hint = nearest.map { " Did you mean \($0)?" } ?? ""
                problems.append(
                    SettingProblem(origin: origin, message: "stands for no setting.\(hint)"))
                continue
            }
            add(path, text, separator: ",", from: origin)
        }
    }

    // MARK: Credentials

    /// A directory that systemd loads as a whole gives each name a prefix: `key_shop.secrets`.
    private mutating func read(credentials: [String: String]) {
        for (name, text) in credentials.sorted(by: { $0.key < $1.key }) {
            let key = name.hasPrefix("key_") ? String(name.dropFirst("key_".count)) : name
            let path = segments(key)
            let origin = SettingOrigin.credential(name)
            if let setting = Setting.find(path)?.setting, !setting.isSecret {
                let message = "\(key) is no secret: set it in the file or the environment."
                problems.append(SettingProblem(origin: origin, message: message))
                continue
            }
            add(path, text.trimmed, separator: "\n", from: origin)
        }
    }

    private mutating func add(
        _ path: [String], _ text: String, separator: Character, from origin: SettingOrigin
    ) {
        var value = RawValue.text(text)
        if Setting.find(path)?.setting.isList == true {
            value = .list(text.split(separator: separator).map { .text($0.trimmed) })
        }
        found.append(FoundSetting(path: path, value: value, origin: origin))
    }
}

extension StringProtocol {
    /// Without the blanks and line ends around it.
    var trimmed: String {
        var text = self[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}

extension RawValue {
    fileprivate init(_ node: Node) {
        self =
            switch node {
            case .scalar(let scalar): scalar.text.map(RawValue.text) ?? .nothing
            case .sequence(let sequence): .list(sequence.map(RawValue.init))
            case .mapping, .alias: .other
            }
    }
}

extension Node.Scalar {
    /// The text as it is written, whatever YAML would take it for; `nil` where nothing is written.
    fileprivate var text: String? {
        style == .plain && ["", "~", "null", "Null", "NULL"].contains(string) ? nil : string
    }
}

extension YamlError {
    fileprivate var place: (mark: Mark?, text: String) {
        switch self {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            (mark, "is not YAML: \(problem)")
        case .duplicatedKeysInMapping(let keys, let context):
            (context.mark, "\(keys.joined(separator: ", ")) is given twice")
        case .reader(let problem, _, _, _):
            (nil, "is not YAML: \(problem)")
        default:
            (nil, "is not YAML")
        }
    }
}
