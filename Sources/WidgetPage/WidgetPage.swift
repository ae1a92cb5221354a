/// The page that agents and supervisors work in, as the files a browser asks for.
///
/// It needs nothing but these files and the bridge's interface under `/widget/api`. In `index.html` and
/// `signin.html` the server puts the address of the files in place of `{{assets}}`, and JSON, escaped for
/// an attribute, in place of `{{settings}}`.
public enum WidgetPage {
    /// The files by name; there are no folders.
    ///
    /// Of scripts the lines of comment are empty: they are for who reads the source, and would be a sixth of
    /// what each visit loads.
    public static let files = sources.reduce(into: [:]) { files, file in
        files[file.key] = file.key.hasSuffix(".js") ? uncommented(file.value) : file.value
    }

    private static func uncommented(_ script: [UInt8]) -> [UInt8] {
        let lines = script.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let kept = lines.map { line in
            line.drop { $0 == UInt8(ascii: " ") }.starts(with: "//".utf8) ? [] : line
        }
        return Array(kept.joined(separator: [UInt8(ascii: "\n")]))
    }

    private static let sources: [String: [UInt8]] = [
        "address.js": PackageResources.address_js,
        "agent.js": PackageResources.agent_js,
        "api.js": PackageResources.api_js,
        "app.js": PackageResources.app_js,
        "bearer.js": PackageResources.bearer_js,
        "cards.js": PackageResources.cards_js,
        "channel.js": PackageResources.channel_js,
        "composer.js": PackageResources.composer_js,
        "dialog.js": PackageResources.dialog_js,
        "dom.js": PackageResources.dom_js,
        "draft.js": PackageResources.draft_js,
        "editor.js": PackageResources.editor_js,
        "files.js": PackageResources.files_js,
        "finish.js": PackageResources.finish_js,
        "format.js": PackageResources.format_js,
        "icon.svg": PackageResources.icon_svg,
        "index.html": PackageResources.index_html,
        "keys.js": PackageResources.keys_js,
        "left.js": PackageResources.left_js,
        "live.js": PackageResources.live_js,
        "mail.js": PackageResources.mail_js,
        "markup.js": PackageResources.markup_js,
        "message.js": PackageResources.message_js,
        "notices.js": PackageResources.notices_js,
        "plain.js": PackageResources.plain_js,
        "replies.js": PackageResources.replies_js,
        "sdk.js": PackageResources.sdk_js,
        "sending.js": PackageResources.sending_js,
        "session.js": PackageResources.session_js,
        "signin.html": PackageResources.signin_html,
        "signin.js": PackageResources.signin_js,
        "style.css": PackageResources.style_css,
        "supervisor.js": PackageResources.supervisor_js,
        "theme.js": PackageResources.theme_js,
        "thread.js": PackageResources.thread_js,
        "trouble.js": PackageResources.trouble_js,
        "undo.js": PackageResources.undo_js,
        "view.js": PackageResources.view_js,
        "words-de.js": PackageResources.words_de_js,
        "words-en.js": PackageResources.words_en_js,
        "words-es.js": PackageResources.words_es_js,
        "words-fr.js": PackageResources.words_fr_js,
        "words-pl.js": PackageResources.words_pl_js,
        "words.js": PackageResources.words_js,
    ]
}
