import CurlTransport
import FoundationEssentials
import Listener
import Outbox

extension SettingForm where Value == String {
    /// One line of text.
    static let text = SettingForm(
        "one line of text", read: line, write: { $0.isEmpty ? nil : $0 })

    static let path = SettingForm(
        "an absolute path", read: { $0.hasPrefix("/") ? line($0) : nil },
        write: { $0.isEmpty ? nil : $0 })

    /// What Genesys calls a queue, a flow, a skill, …; a name instead is the usual mistake.
    static let genesysID = SettingForm(
        "an id as Genesys shows it, such as 3f6a0c1e-0000-4000-8000-000000000001",
        read: { $0.isUUID ? $0.lowercased() : nil }, write: { $0 })

    static let domain = SettingForm(
        "a region's domain such as mypurecloud.de",
        read: { $0.contains(".") && Host.isValid($0) ? $0.lowercased() : nil }, write: { $0 })

    static let provider = SettingForm(
        "one line of text other than PureCloud Email, which Genesys keeps for its own mail",
        read: { $0.lowercased() == "purecloud email" ? nil : line($0) }, write: { $0 })

    private static let line: @Sendable (String) -> String? = { text in
        let isLine = !text.unicodeScalars.contains { $0.properties.generalCategory == .control }
        return isLine && !text.allSatisfy(\.isWhitespace) ? text : nil
    }
}

extension SettingForm where Value == Secret {
    static let clientSecret = SettingForm(
        "the secret as Genesys shows it, without blanks", read: { secret($0, bytes: 1) },
        write: { _ in nil })

    static let tokenSecret = SettingForm(
        "a secret of at least 16 bytes without blanks (openssl rand -hex 24)",
        read: { secret($0, bytes: 16) }, write: { _ in nil })

    /// Standard Webhooks asks for 24 bytes at least, written in base64 after `whsec_`.
    static let signingSecret = SettingForm(
        "whsec_ and the base64 of at least 24 bytes, or another text of as many "
            + "(echo whsec_$(openssl rand -base64 32))",
        read: { text in
            guard let secret = secret(text, bytes: 24) else { return nil }
            guard text.hasPrefix("whsec_") else { return secret }
            let base64 = text.dropFirst("whsec_".count)
            let padding = String(repeating: "=", count: (4 - base64.utf8.count % 4) % 4)
            let key = Data(base64Encoded: base64 + padding)
            return key.map { $0.count >= 24 } == true ? secret : nil
        },
        write: { _ in nil })

    static let sessionKey = SettingForm(
        "the base64 of 32 bytes (openssl rand -base64 32)",
        read: { Data(base64Encoded: $0)?.count == 32 ? Secret($0) : nil }, write: { _ in nil })

    private static func secret(_ text: String, bytes: Int) -> Secret? {
        let blanks = text.unicodeScalars.contains {
            $0.properties.isWhitespace || $0.properties.generalCategory == .control
        }
        return text.utf8.count >= bytes && !blanks ? Secret(text) : nil
    }
}

extension SettingForm where Value == Int {
    static func number(_ range: ClosedRange<Int>) -> Self {
        SettingForm(
            "a whole number from \(range.lowerBound) to \(range.upperBound)",
            read: { Int(strict: $0).flatMap { range.contains($0) ? $0 : nil } },
            write: { String($0) })
    }

    static func bytes(_ range: ClosedRange<Int>) -> Self {
        let units = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("", 1)]
        let write = { @Sendable (size: Int) in
            units.first { size % $0.1 == 0 }.map { "\(size / $0.1)\($0.0)" }
        }
        let bounds = [range.lowerBound, range.upperBound].compactMap(write)
        return SettingForm(
            "a size such as 512KiB or 1MiB, \(bounds.joined(separator: " to "))",
            read: { text in
                guard let (unit, factor) = units.first(where: { text.hasSuffix($0.0) }),
                    let count = Int(strict: text.dropLast(unit.count)), count >= 0
                else { return nil }
                let (size, overflow) = count.multipliedReportingOverflow(by: factor)
                return !overflow && range.contains(size) ? size : nil
            },
            write: write)
    }
}

extension SettingForm where Value == Duration {
    static func duration(_ range: ClosedRange<Duration>) -> Self {
        let units = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)]
        let write = { @Sendable (duration: Duration) in
            units.first { duration.milliseconds % Int64($0.1) == 0 }.map {
                "\(duration.milliseconds / Int64($0.1))\($0.0)"
            }
        }
        let bounds = [range.lowerBound, range.upperBound].compactMap(write)
        return SettingForm(
            "a duration such as 5s, 30m or 72h, \(bounds.joined(separator: " to "))",
            read: { text in
                let unit = text.drop { $0.isASCIIDigit }
                guard let (_, factor) = units.first(where: { $0.0 == unit }),
                    let count = Int(strict: text.dropLast(unit.count))
                else { return nil }
                let (milliseconds, overflow) = count.multipliedReportingOverflow(by: factor)
                let duration = Duration.milliseconds(milliseconds)
                return !overflow && range.contains(duration) ? duration : nil
            },
            write: write)
    }
}

extension SettingForm where Value == Bool {
    static let flag = SettingForm(
        "true or false", read: { Bool($0) }, write: { String($0) })
}

extension SettingForm where Value == ListenAddress {
    static let address = SettingForm(
        "an address and a port such as 127.0.0.1:8080 or [::1]:8080",
        read: { ListenAddress($0) }, write: { $0.description })
}

extension SettingForm where Value == Origin {
    /// Unencrypted only where nothing leaves the machine.
    static let origin = SettingForm(
        "an address such as https://login.example.com without path; http only for this machine",
        read: { Origin($0).flatMap { $0.isEncrypted || $0.isLoopback ? $0 : nil } },
        write: { $0.description })
}

extension SettingForm where Value == WebAddress {
    static let webAddress = SettingForm(
        "an address such as https://shop.example.com/answers, without a user's name",
        read: { WebAddress($0) }, write: { $0.description })
}

extension SettingForm where Value == IPNetwork {
    static let network = SettingForm(
        "a network such as 10.0.0.0/8 or fd00::/8, or one address of it",
        read: { IPNetwork($0) }, write: { $0.description })
}

extension SettingForm where Value == EventName {
    /// Those a shop may choose.
    static let event = {
        let names = EventName.forShops.map(\.rawValue)
        var form = SettingForm(
            "one of \(names.joined(separator: ", "))",
            read: { name in EventName.forShops.first { $0.rawValue == name } },
            write: { $0.rawValue })
        form.nearest = { raw in
            guard case .text(let text) = raw else { return nil }
            return names.min { editDistance(text, $0) < editDistance(text, $1) }
        }
        return form
    }()
}

extension SettingForm
where Value: RawRepresentable & CaseIterable & Sendable, Value.RawValue == String {
    static var choice: Self {
        SettingForm(
            "one of \(Value.allCases.map(\.rawValue).joined(separator: ", "))",
            read: { Value(rawValue: $0) }, write: { $0.rawValue })
    }
}
