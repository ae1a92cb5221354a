import Crypto
import FoundationEssentials
import HTTPTypes
import HummingbirdCore
import NIOCore

extension HTML {
    /// A whole page, with a style of its own and nothing else.
    static func page(_ title: String, _ body: HTML) -> HTML {
        """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(title) · Genesys bridge</title><style>\(style)</style></head>
        <body><main>\(body)</main></body></html>

        """
    }

    private static let style: HTML = """
        :root{color-scheme:light dark;--line:#d5d9e0;--soft:#f4f6f9;--text:#1b2430;--dim:#566072;\
        --link:#0b57b7;--bad:#b3261e;--warn:#8a5300;--good:#1c6b3c}\
        @media(prefers-color-scheme:dark){:root{--line:#384252;--soft:#1c232d;--text:#e8ebf0;\
        --dim:#a4aebe;--link:#8ab8ff;--bad:#ff8f86;--warn:#f0b35c;--good:#7fd6a0}\
        body{background:#12171e}}\
        *{box-sizing:border-box}body{margin:0;color:var(--text);\
        font:16px/1.5 system-ui,sans-serif}main{max-width:72rem;margin:auto;padding:1rem}\
        h1{font-size:1.6rem;margin:.5rem 0 1rem}a{color:var(--link)}code{font-size:.95em}\
        .counts{list-style:none;margin:0;padding:0;display:grid;gap:.6rem;\
        grid-template-columns:repeat(auto-fit,minmax(7.5rem,1fr))}\
        .counts a{display:block;padding:.6rem .8rem;border:1px solid var(--line);border-radius:.6rem;\
        background:var(--soft);color:inherit;text-decoration:none}\
        .counts b{display:block;font-size:1.5rem;font-variant-numeric:tabular-nums}\
        .pace,caption{color:var(--dim)}.alert{border-left:.3rem solid var(--bad);padding:.6rem .8rem;\
        background:var(--soft)}form{display:flex;flex-wrap:wrap;gap:.8rem;align-items:end;margin:1rem 0}\
        label{display:grid;gap:.2rem;font-size:.9rem}input,select,button{font:inherit;padding:.4rem .6rem;\
        max-width:100%}table{width:100%;border-collapse:collapse}caption{text-align:left}\
        th,td{text-align:left;padding:.45rem .6rem;border-bottom:1px solid var(--line);\
        vertical-align:top;white-space:nowrap}.long{white-space:normal;overflow-wrap:anywhere}\
        .badge{white-space:nowrap;font-weight:600}\
        .dead,.held{color:var(--bad)}.in_doubt{color:var(--warn)}.delivered{color:var(--good)}\
        dl div{display:grid;grid-template-columns:minmax(7rem,12rem) 1fr;gap:.6rem;\
        border-bottom:1px solid var(--line);padding:.35rem 0}dt{color:var(--dim)}\
        dd{margin:0;overflow-wrap:anywhere}\
        @media(max-width:44rem){thead{position:absolute;clip-path:inset(50%)}tr{display:block;\
        border:1px solid var(--line);border-radius:.6rem;margin:.6rem 0;padding:.3rem 0}\
        td{display:grid;grid-template-columns:6.5rem 1fr;border:0;white-space:normal}\
        td::before{content:attr(data-label);color:var(--dim)}}
        """

    /// Allows this style, forms to ourselves, and nothing at all besides.
    fileprivate static let policy =
        "default-src 'none'; style-src 'sha256-"
        + Data(SHA256.hash(data: Array(style.text.utf8))).base64EncodedString()
        + "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
}

extension Response {
    static func page(_ page: HTML) -> Response {
        var headers: HTTPFields = [
            .contentType: "text/html; charset=utf-8", .cacheControl: "no-store",
            .contentSecurityPolicy: HTML.policy, .xContentTypeOptions: "nosniff",
        ]
        headers[.vary] = "accept"
        return Response(
            status: .ok, headers: headers, body: ResponseBody(byteBuffer: .init(string: page.text)))
    }
}
