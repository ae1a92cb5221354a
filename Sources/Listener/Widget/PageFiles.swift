import Crypto
import ExactJSON
import HTTPTypes
import HummingbirdCore
import NIOCore
import Outbox

/// The page as browsers get it: two templates, filled in, and the files that these name.
struct PageFiles: Sendable {
    private struct Asset: Sendable {
        let type: String
        let bytes: ByteBuffer
    }

    /// Of all files together: a changed one has another address.
    let version: String
    private let shell: String
    private let signIn: String
    private let assets: [String: Asset]

    /// - Parameter files: by their names; `index.html` and `signin.html` among them.
    init(_ files: [String: [UInt8]], settings: WidgetSettings) {
        guard let shell = files["index.html"], let signIn = files["signin.html"] else {
            preconditionFailure("the page has no index.html or no signin.html")
        }
        var digest = SHA256()
        for (name, bytes) in files.sorted(by: { $0.key < $1.key }) {
            digest.update(data: Array("\(name) \(bytes.count)\n".utf8))
            digest.update(data: bytes)
        }
        let version = digest.finalize().prefix(12).base64URL
        self.version = version
        let template = { (bytes: [UInt8]) in
            String(decoding: bytes, as: UTF8.self)
                .replacing("{{assets}}", with: "/widget/assets/\(version)")
        }
        self.shell = template(shell).filled(with: settings.json)
        self.signIn = template(signIn)
        assets = files.reduce(into: [:]) { assets, file in
            guard let type = Self.types[file.key.split(separator: ".").last ?? ""] else { return }
            assets[file.key] = Asset(type: type, bytes: ByteBuffer(bytes: file.value))
        }
    }

    /// Templates are not among them: unfilled, they are of no use.
    private static let types: [Substring: String] = [
        "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8",
        "png": "image/png", "svg": "image/svg+xml",
    ]

    func add(to routes: inout Routes) {
        routes.on(.get, "widget") { _ in
            var response = Response(page: shell)
            response.headers.append(Cookie.probe.field("1"))
            return response
        }
        routes.on(.get, "widget/assets/{version}/{file}") { call throws(Problem) in
            guard call.parameters[0] == version else { throw Self.missing }
            return try file(
                call.parameters[1], keeping: "public, max-age=31536000, immutable")
        }
        // Genesys shows it for the tab, and its address stands in a configuration.
        routes.on(.get, "widget/icon.svg") { _ throws(Problem) in
            try file("icon.svg", keeping: "public, max-age=86400")
        }
    }

    private static let missing = Problem(
        .notFound, .notFound, "there is no such file of the page")

    private func file(_ name: String, keeping cacheControl: String) throws(Problem) -> Response {
        guard let asset = assets[name] else { throw Self.missing }
        return Response(
            status: .ok,
            headers: [
                .contentType: asset.type, .vary: "accept-encoding", .cacheControl: cacheControl,
            ],
            body: ResponseBody(byteBuffer: asset.bytes))
    }

    /// Gives a code to the tab that opened this window.
    func handover(_ code: String, to origin: String, lang: String?) -> Response {
        Response(
            page: signIn.filled(with: [
                "handover": .string(code), "origin": .string(origin), "lang": JSON(lang),
            ]))
    }

    /// Says why nobody was logged in.
    /// - Parameter back: where the agent may begin again; `nil` where that is not known.
    func refusal(
        _ status: HTTPResponse.Status, _ words: String, lang: String? = nil, back: String? = nil
    ) -> Response {
        Response(
            status,
            page: signIn.filled(with: [
                "error": .string(words), "lang": JSON(lang), "back": JSON(back),
            ]))
    }
}

extension String {
    /// A page is given its data as an attribute's text, so that none of it can be markup or script.
    fileprivate func filled(with settings: JSON) -> String {
        replacing("{{settings}}", with: ("\(settings.text)" as HTML).text)
    }
}

extension Response {
    fileprivate init(_ status: HTTPResponse.Status = .ok, page: String) {
        self.init(
            status: status, headers: [.contentType: "text/html; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: page)))
    }
}

extension WidgetSettings {
    /// What the page has to know before anybody has logged in.
    fileprivate var json: JSON {
        [
            "hostOrigins": .array(ancestors.map(JSON.string)), "login": .string(login.rawValue),
            "undoSeconds": JSON(undo.components.seconds), "maxFile": JSON(maxFile),
            "fileTypes": .array(fileTypes.map(JSON.string)),
        ]
    }
}
