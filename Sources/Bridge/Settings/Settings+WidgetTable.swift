import Listener

extension Settings {
    static let widgetKeys = fixed([
        Key(
            "widget.clientID", \.widget.clientID, .optional(.text),
            example: "3f6a0c1e-0000-4000-8000-00000000000b",
            """
            The OAuth client with the grant code authorization that agents log in by. The agents' tab \
            is served at /widget once it is set, and listen.publicURL.
            """),
        Key(
            "widget.clientSecret", \.widget.clientSecret, .clientSecret, secret: true,
            example: "the one that Genesys shows beside its id",
            "That client's secret; better as a credential. A client that was made for PKCE has none."
        ),
        Key(
            "widget.login", \.widget.login, .choice,
            """
            How agents get to the login: frame, inside the tab, where they are logged in to Genesys \
            already; popup, in a window of its own; auto, the first and then the other.
            """),
        Key(
            "widget.frameAncestors", \.widget.frameAncestors, .list(.origin, orNone: true),
            example: "[https://example.lightning.force.com]",
            """
            Whose pages may show the tab besides https://apps.REGION: for agents who work inside \
            another program, the origin of each page around it.
            """),
        Key(
            "widget.sessionKeys", \.widget.sessionKeys, .list(.sessionKey), secret: true,
            example: "[what openssl rand -base64 32 prints]",
            """
            Keys that agents' logins are sealed with in the store. Two during a rotation, the \
            new one first. Without one agents log in anew after each start. Better as a credential, \
            one a line.
            """),
        Key(
            "widget.undo", \.widget.undo, .duration(.zero...(.seconds(60))),
            "For how long an answer can be taken back before it goes to the shop."),
        Key(
            "widget.maxFile", \.widget.maxFile, .bytes(1024...(64 << 20)),
            "The largest file that an agent can send along. Files are kept in the store."),
        Key(
            "widget.fileTypes", \.widget.fileTypes, .list(.mediaType, orNone: true),
            "The media types that an agent can send; [] for no files at all."),
        Key(
            "widget.linkLifetime", \.widget.linkLifetime,
            .duration(.seconds(60)...(.seconds(365 * 86_400))),
            "How long the link is good by which a shop gets such a file; each attempt has a new one."
        ),
    ])
}

extension SettingForm where Value == String {
    static let mediaType = SettingForm(
        "a media type such as image/png",
        read: { text in
            let parts = text.split(separator: "/", omittingEmptySubsequences: false)
            let isType =
                parts.count == 2
                && parts.allSatisfy { part in
                    !part.isEmpty
                        && part.allSatisfy {
                            $0.isASCII && ($0.isLetter || $0.isNumber || "!#$&^_.+-".contains($0))
                        }
                }
            return isType ? text.lowercased() : nil
        }, write: { $0 })
}
