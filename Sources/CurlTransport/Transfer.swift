import CCurl
import Glibc

/// One easy handle: the request it sends and the answer that has come so far.
///
/// Lives in its transport's table and is touched only on that transport's queue, by libcurl's
/// callbacks too.
final class Transfer {
    typealias Outcome = Result<TransportResponse, TransportError>

    let id: Int
    let easy: UnsafeMutableRawPointer
    private let maxResponseBody: Int
    private let cutsResponseBody: Bool
    private let refusalOfAddress: (@Sendable (IPAddress) -> String?)?
    private let onBody: (@Sendable ([UInt8]) -> Void)?
    let body: [UInt8]
    var headerList: UnsafeMutablePointer<curl_slist>?
    let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))

    /// Set just before the first byte of the request may leave on an established connection.
    private(set) var mayHaveLeft = false
    private var bytesRead = 0
    private var head = ResponseHead()
    private var answer: [UInt8] = []
    private var refusal: String?
    private var noAddress: String?

    init(id: Int, _ request: TransportRequest, userAgent: String) throws(TransportError) {
        guard let easy = ccurl_easy_init() else { throw .notSent("libcurl is out of memory") }
        self.id = id
        self.easy = easy
        body = request.body ?? []
        maxResponseBody = request.maxResponseBody
        cutsResponseBody = request.cutsResponseBody
        refusalOfAddress = request.refusalOfAddress
        onBody = request.onBody
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        try configure(request, userAgent: userAgent)
    }

    deinit {
        ccurl_easy_cleanup(easy)
        curl_slist_free_all(headerList)
        errorText.deallocate()
    }

    /// What came of the transfer that libcurl ended with `code`.
    func outcome(_ code: CURLcode) -> Outcome {
        if code == CURLE_OK, head.isComplete {
            return .success(
                TransportResponse(status: head.status, headers: head.headers, body: answer))
        }
        let detail = String(cString: errorText)
        let reason =
            if let refusal {
                refusal
            } else if let noAddress, !mayHaveLeft {
                noAddress
            } else if code == CURLE_OK {
                "the answer ended within its headers"
            } else {
                detail.isEmpty ? String(cString: curl_easy_strerror(code)) : detail
            }
        return .failure(mayHaveLeft ? .unknown(reason) : .notSent(reason))
    }
}

// MARK: - Called by libcurl

extension Transfer {
    static func at(_ pointer: UnsafeMutableRawPointer) -> Transfer {
        Unmanaged.fromOpaque(pointer).takeUnretainedValue()
    }

    var pointer: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

    func requestBegins() {
        mayHaveLeft = true
    }

    /// Hands out the body once; there is no way back to its start.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(buffer.count, body.count - bytesRead)
        buffer.copyBytes(from: body[bytesRead..<bytesRead + count])
        bytesRead += count
        return count
    }

    /// The socket for a connection to that address; none where it is not allowed, and libcurl goes on to the
    /// next address.
    func openSocket(to address: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
        guard let peer = IPAddress(address) else { return CURL_SOCKET_BAD }
        if let refusal = refusalOfAddress?(peer) {
            noAddress = refusal
            return CURL_SOCKET_BAD
        }
        let (family, kind) = (address.pointee.family, address.pointee.socktype)
        return socket(family, kind | Int32(SOCK_CLOEXEC.rawValue), address.pointee.protocol)
    }

    func takeHeader(_ line: UnsafeRawBufferPointer) -> Int {
        if head.take(line) { return line.count }
        return refuse("the answer's headers are longer than \(ResponseHead.maxBytes) bytes")
    }

    func takeBody(_ bytes: UnsafeRawBufferPointer) -> Int {
        if let onBody, (200..<300).contains(head.status) {
            onBody(Array(bytes))
            return bytes.count
        }
        let room = maxResponseBody - answer.count
        if cutsResponseBody {
            answer.append(contentsOf: bytes.prefix(room))
            return bytes.count
        }
        guard bytes.count <= room else {
            return refuse("the answer is longer than \(maxResponseBody) bytes")
        }
        answer.append(contentsOf: bytes)
        return bytes.count
    }

    /// Any count but the one given makes libcurl end the transfer.
    private func refuse(_ reason: String) -> Int {
        refusal = reason
        return 0
    }
}
