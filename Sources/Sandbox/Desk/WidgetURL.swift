import Foundation

/// The address of an interaction widget, with the tokens that Genesys Cloud fills in.
///
/// Both the names of today, `{{gcLangTag}}`, and those before, `{{pcLangTag}}`, stand for a value; what is
/// no such name stays as it is written.
struct WidgetURL: Sendable {
    let template: String

    /// What the desk says of itself.
    struct Host {
        /// As in `http://localhost:8090`.
        let origin: String
        let language: String
        let usesPopup: Bool
    }

    /// `nil` if the template has no origin.
    var origin: String? {
        let bare = template.prefix { !"?#{".contains($0) }
        guard let url = URLComponents(string: String(bare)), let host = url.host,
            let scheme = url.scheme, ["http", "https"].contains(scheme)
        else { return nil }
        return "\(scheme)://\(host)" + (url.port.map { ":\($0)" } ?? "")
    }

    /// The widget of a conversation.
    func filled(conversation: String, _ host: Host) -> String {
        fill(template, ["ConversationId": conversation], host)
    }

    /// The same page as an app of its own: without the parameter that the conversation stands in.
    func filled(_ host: Host) -> String {
        let parts = template.split(separator: "?", maxSplits: 1)
        guard parts.count == 2 else { return fill(template, [:], host) }
        let kept = parts[1].split(separator: "&").filter { !$0.contains("ConversationId}}") }
        return fill("\(parts[0])?\(kept.joined(separator: "&"))", [:], host)
    }

    private func fill(_ text: String, _ more: [String: String], _ host: Host) -> String {
        let values = [
            "HostOrigin": host.origin, "TargetEnv": "prod", "LangTag": host.language,
            "UsePopupAuth": String(host.usesPopup),
            "Environment": host.origin.split(separator: "/").last.map(String.init) ?? "",
        ].merging(more) { $1 }
        return text.replacing(/\{\{(?:gc|pc)([A-Za-z]+)\}\}/) { match in
            values[String(match.1)]?.queryEscaped ?? String(match.0)
        }
    }
}
