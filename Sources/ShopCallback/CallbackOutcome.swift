import CurlTransport
import ExactJSON
import Outbox

extension Outcome {
    /// What a shop's answer means.
    ///
    /// A shop that asks to wait (429, 503 with `Retry-After`) has failed all the same: `throttled` would cost no
    /// attempt and wait for ever, and nobody would hear of an answer that a shop never takes.
    ///
    /// - Parameter now: in seconds since 1970 UTC.
    init(ofCallback response: TransportResponse, now: Int) {
        let status = response.status
        switch status {
        case 200..<300, 409:
            self = .delivered(reference: nil)
        case 300..<400:
            self = .failed(after: nil, response.redirection)
        case 410:
            self = .misconfigured(
                "answered 410: the shop wants nothing more at its callbackURL; correct that, or let it "
                    + "answer 200 again")
        case 422 where response.isProblem:
            self = .refused(response.problem ?? "422 without a reason")
        case 429, 503:
            let wait = response.retryAfter(now: now).map { min($0, Self.longestWait) }
            let words = wait.map { ": it asks to wait \($0.milliseconds / 1000) s" } ?? ""
            self = .failed(after: wait, "answered \(status)\(words)")
        case 401, 403:
            self = .failed(after: nil, "answered \(status); check callbackSecrets")
        case 404, 405:
            self = .failed(after: nil, "answered \(status); check callbackURL")
        default:
            self = .failed(after: nil, "answered \(status)")
        }
    }

    /// More is not believed: nobody would see to the customer meanwhile.
    private static let longestWait = Duration.seconds(24 * 3600)
}

extension TransportResponse {
    /// Where it leads to, without what may be confidential: a query, a user's name.
    fileprivate var redirection: String {
        let advice = "it is not followed; set callbackURL to where the shop really is"
        guard let location = header("Location"), !location.isEmpty else {
            return "answered \(status), a redirect; \(advice)"
        }
        var place = location.prefix { $0 != "?" && $0 != "#" }
        if let scheme = place.firstRange(of: "://") {
            let authority = place[scheme.upperBound...].prefix { $0 != "/" }
            if let at = authority.lastIndex(of: "@") {
                place.removeSubrange(scheme.upperBound...at)
            }
        }
        return
            "answered \(status), a redirect to \(String(place).inOneLine(atMost: 200)); \(advice)"
    }

    fileprivate var isProblem: Bool {
        let type = header("Content-Type")?.prefix { $0 != ";" && $0 != " " }
        return type?.lowercased() == "application/problem+json"
    }

    /// The title and detail of RFC 9457.
    fileprivate var problem: String? {
        let json = try? JSON(parsing: body)
        let words = [json?["title"]?.string, json?["detail"]?.string].compactMap { $0 }
            .map { $0.inOneLine(atMost: 300) }.filter { !$0.isEmpty }
        return words.isEmpty ? nil : words.joined(separator: ": ").inOneLine(atMost: 300)
    }
}

extension String {
    /// The words of the text with single blanks between them, without anything that only steers how it is shown.
    fileprivate func inOneLine(atMost count: Int) -> String {
        let shown = unicodeScalars.compactMap { scalar -> Character? in
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator, .spaceSeparator: " "
            case .format, .surrogate, .privateUse, .unassigned: nil
            default: Character(scalar)
            }
        }
        let words = String(shown).split(separator: " ")
        return String(words.joined(separator: " ").prefix(count))
    }
}
