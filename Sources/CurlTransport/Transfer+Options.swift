import CCurl
import Glibc

extension Transfer {
    /// Fails on the first option that this libcurl refuses.
    func configure(
        _ request: TransportRequest, userAgent: String
    ) throws(TransportError) {
        try set(CURLOPT_PRIVATE, pointer)
        try set(CURLOPT_ERRORBUFFER, errorText)
        try set(CURLOPT_NOSIGNAL, 1)
        // Or ending a transfer that still resolves would block the queue until getaddrinfo returns.
        try set(CURLOPT_QUICK_EXIT, 1)
        try set(CURLOPT_URL, checked(request.url, "URL"))
        try set(CURLOPT_PROTOCOLS_STR, "http,https")
        try set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https")
        try set(CURLOPT_FOLLOWLOCATION, 0)
        try set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        try set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS)
        if request.url.lowercased().hasPrefix("https:") {
            // Rather wait for a handshake and share its connection than shake hands as well. Without
            // TLS it would wait for a first answer instead, and speak HTTP/1.1 anyway.
            try set(CURLOPT_PIPEWAIT, 1)
        }
        // A server about to close an idle connection would leave the next request's outcome unknown.
        try set(CURLOPT_MAXAGE_CONN, 30)
        try set(CURLOPT_CONNECTTIMEOUT_MS, request.connectTimeout.milliseconds)
        try set(CURLOPT_TIMEOUT_MS, request.timeout.milliseconds)
        try set(CURLOPT_USERAGENT, checked(userAgent, "user agent"))
        try setMethodAndBody(request)
        try setHeaders(request.headers)
        try setCallbacks()
        if request.refusalOfAddress != nil { try setConnecting() }
    }

    /// Makes the request one that libcurl cannot send again by itself.
    ///
    /// When a kept connection dies before the first byte of an answer, libcurl (7.88) sends the
    /// request once more on a new one: a body it has to rewind first, which the seek callback
    /// refuses; without one nothing stops it but a connection of the request's own.
    private func setMethodAndBody(_ request: TransportRequest) throws(TransportError) {
        let method = request.method
        guard !method.isEmpty, method.utf8.allSatisfy({ (65...90).contains($0) }) else {
            throw .notSent("the method '\(method)' is not in capital letters")
        }
        if request.body != nil || ["POST", "PUT", "PATCH"].contains(method) {
            try set(CURLOPT_UPLOAD, 1)
            try check(ccurl_set_offset(easy, CURLOPT_INFILESIZE_LARGE, curl_off_t(body.count)))
        } else if method == "HEAD" {
            try set(CURLOPT_NOBODY, 1)
        }
        try set(CURLOPT_CUSTOMREQUEST, method)
        if body.isEmpty, !["GET", "HEAD"].contains(method) {
            try set(CURLOPT_FRESH_CONNECT, 1)
        }
    }

    private func setHeaders(
        _ headers: [(name: String, value: String)]
    ) throws(TransportError) {
        // Without this libcurl waits up to a second for a "100 Continue" before a large body.
        var lines = ["Expect:"]
        for (name, value) in headers {
            // "Name:" would remove a header, "Name;" sends it empty.
            lines.append(try checked(value.isEmpty ? "\(name);" : "\(name): \(value)", "header"))
        }
        for line in lines {
            guard let longer = curl_slist_append(headerList, line) else {
                throw .notSent("libcurl is out of memory")
            }
            headerList = longer
        }
        try set(CURLOPT_HTTPHEADER, headerList)
    }

    private func setCallbacks() throws(TransportError) {
        for option in [
            CURLOPT_READDATA, CURLOPT_SEEKDATA, CURLOPT_WRITEDATA, CURLOPT_HEADERDATA,
            CURLOPT_PREREQDATA,
        ] {
            try set(option, pointer)
        }
        try check(
            ccurl_set_data_function(easy, CURLOPT_READFUNCTION) { data, size, count, transfer in
                let buffer = UnsafeMutableRawBufferPointer(start: data, count: size * count)
                return Transfer.at(transfer).read(into: buffer)
            })
        try check(ccurl_set_seek_function(easy) { _, _, _ in CURL_SEEKFUNC_FAIL })
        try check(
            ccurl_set_data_function(easy, CURLOPT_HEADERFUNCTION) { data, size, count, transfer in
                let line = UnsafeRawBufferPointer(start: data, count: size * count)
                return Transfer.at(transfer).takeHeader(line)
            })
        try check(
            ccurl_set_data_function(easy, CURLOPT_WRITEFUNCTION) { data, size, count, transfer in
                let bytes = UnsafeRawBufferPointer(start: data, count: size * count)
                return Transfer.at(transfer).takeBody(bytes)
            })
        try check(
            ccurl_set_prereq_function(easy) { transfer, _, _, _, _ in
                Transfer.at(transfer).requestBegins()
                return CURL_PREREQFUNC_OK
            })
        try check(
            ccurl_set_sockopt_function(easy) { _, socket, _ in
                // Requests keep joining a shared HTTP/2 connection whose peer went away in silence,
                // and each of them times out; the kernel ends it when nobody acknowledges.
                var milliseconds: UInt32 = 30_000
                setsockopt(
                    socket, Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, &milliseconds,
                    socklen_t(MemoryLayout.size(ofValue: milliseconds)))
                return CURL_SOCKOPT_OK
            })
    }

    /// Whether an address may be connected to is asked when it is, and not before.
    private func setConnecting() throws(TransportError) {
        try set(CURLOPT_OPENSOCKETDATA, pointer)
        try check(
            ccurl_set_opensocket_function(easy) { transfer, _, address in
                Transfer.at(transfer).openSocket(to: address)
            })
    }

    private func set(_ option: CURLoption, _ value: Int) throws(TransportError) {
        try check(ccurl_set_long(easy, option, value))
    }

    private func set(_ option: CURLoption, _ value: String) throws(TransportError) {
        try check(ccurl_set_string(easy, option, value))
    }

    private func set(
        _ option: CURLoption, _ value: UnsafeMutableRawPointer?
    ) throws(TransportError) {
        try check(ccurl_set_pointer(easy, option, value))
    }

    private func check(_ code: CURLcode) throws(TransportError) {
        guard code == CURLE_OK else { throw .notSent(String(cString: curl_easy_strerror(code))) }
    }

    /// Line breaks would smuggle in headers, a NUL would cut the text.
    private func checked(_ text: String, _ what: String) throws(TransportError) -> String {
        guard text.utf8.allSatisfy({ $0 >= 32 && $0 != 127 || $0 == 9 }) else {
            throw .notSent("the \(what) holds a control character")
        }
        return text
    }
}

extension Duration {
    /// Rounded up, and at least one: libcurl takes zero for "no limit".
    fileprivate var milliseconds: Int {
        let (seconds, attoseconds) = components
        let rest = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return Int(clamping: max(1, seconds * 1000 + rest))
    }
}
