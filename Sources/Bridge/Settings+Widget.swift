import FoundationEssentials
import Listener
import Outbox

extension Settings {
    /// - Returns: `nil` where there is no tab for agents.
    var widgetSettings: WidgetSettings? {
        guard widget.clientID != nil, let origin = listen.publicURL else { return nil }
        let ancestors =
            (genesys.region.map { ["https://apps.\($0)"] } ?? [])
            + widget.frameAncestors.map(\.description)
        var settings = WidgetSettings(
            origin: origin.description, ancestors: ancestors, sessionKeys: sessionKeys,
            shopNames: shops.mapValues(\.toName), queues: routes.compactMapValues(\.queueID))
        settings.login = widget.login
        settings.undo = widget.undo
        settings.maxFile = widget.maxFile
        settings.fileTypes = widget.fileTypes
        settings.linkLifetime = widget.linkLifetime
        return settings
    }

    /// Where none is set, one that is gone with the process.
    private var sessionKeys: [[UInt8]] {
        let keys = widget.sessionKeys.compactMap { Data(base64Encoded: $0.text).map(Array.init) }
        guard keys.isEmpty else { return keys }
        return [(0..<32).map { _ in .random(in: .min ... .max) }]
    }
}
