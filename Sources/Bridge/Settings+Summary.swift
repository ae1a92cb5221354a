import Listener
import Outbox

extension Settings {
    /// What is set, for a person to compare with what was meant; shows no secret.
    var summary: String {
        var rows = [
            ["public face", "http://\(listen.public)"],
            ["ops face", "http://\(listen.ops)" + (ops.tokens.isEmpty ? "" : ", by token")],
            [
                "Genesys",
                "\(genesys.apiURL.map(\.description) ?? ""), at most \(genesys.requestsPerMinute) "
                    + "calls a minute",
            ],
        ]
        rows += routes.sorted { "\($0.key)" < "\($1.key)" }.map { name, route in
            ["route \(name)", route.queueID.map { "queue \($0)" } ?? "flow \(route.flowID ?? "")"]
        }
        rows += shops.sorted { "\($0.key)" < "\($1.key)" }.map { name, shop in
            let routes = shop.routes.map(\.description).joined(separator: ", ")
            let access =
                shop.secrets.isEmpty && shop.tokens.isEmpty
                ? "anybody on this machine may post"
                : "signing secrets: \(shop.secrets.count), tokens: \(shop.tokens.count)"
            return ["shop \(name)", "\(access), routes: \(routes)"]
        }
        rows += shops.sorted { "\($0.key)" < "\($1.key)" }.compactMap { name, shop in
            shop.callbackURL.map { url in
                let events = shop.events.map(\.rawValue).joined(separator: ", ")
                return ["answers to \(name)", "\(url.shown), with \(events)"]
            }
        }
        rows.append(["agents' tab", tab])
        if let widgetSettings {
            rows.append(["framed by", widgetSettings.ancestors.joined(separator: ", ")])
        }
        rows.append(["store", store.path])
        return "The settings are right.\n"
            + Table(rows: rows.map { $0.map { Table.Cell($0) } }).lines(colored: false).map {
                "  \($0)\n"
            }.joined()
    }

    /// Where agents have it, and how they are logged in.
    private var tab: String {
        guard let widgetSettings else { return "none: widget.clientID is not set" }
        let login =
            switch widget.login {
            case .auto: "in the tab, else in a window"
            case .frame: "in the tab"
            case .popup: "in a window"
            }
        let end =
            widget.sessionKeys.isEmpty
            ? ", again after each start of the bridge: there is no widget.sessionKeys" : ""
        return "\(widgetSettings.origin)/widget, login \(login)\(end)"
    }
}
