extension Settings {
    /// What does not fit together for the agents' tab.
    func brokenWidget() -> [String] {
        guard widget.clientID != nil else {
            let needless = [
                ("widget.clientSecret", !widget.clientSecret.text.isEmpty),
                ("widget.sessionKeys", !widget.sessionKeys.isEmpty),
                ("widget.frameAncestors", !widget.frameAncestors.isEmpty),
            ].first { $0.1 }
            guard let (key, _) = needless else { return [] }
            return ["\(key) is set, but there is no widget.clientID to log in by: set it as well."]
        }
        var broken: [String] = []
        if listen.publicURL == nil {
            broken.append(
                "listen.publicURL is missing: the login leads back to it, so set what agents' "
                    + "browsers reach listen.public by, such as https://bridge.example.com.")
        }
        if genesys.region == nil, widget.frameAncestors.isEmpty {
            broken.append(
                "widget.frameAncestors is missing: without genesys.region nobody knows whose "
                    + "pages may show the tab.")
        }
        return broken
    }
}
