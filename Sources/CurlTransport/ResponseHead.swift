/// The status and headers of an answer, read line by line as libcurl passes them on.
///
/// Each status line starts a new block (interim answers come before the final one); trailers, which
/// come after the last block, are left out.
struct ResponseHead {
    /// More bytes of header lines than this are refused.
    static let maxBytes = 256 << 10

    private(set) var status = 0
    private(set) var headers: [(name: String, value: String)] = []
    private var ended = false
    private var bytes = 0

    /// True once the empty line after a final answer's headers has been read.
    var isComplete: Bool { ended && status >= 200 }

    /// Takes one line, line break included; false if there is too much of them.
    mutating func take(_ line: some BidirectionalCollection<UInt8>) -> Bool {
        bytes += line.count
        guard bytes <= Self.maxBytes else { return false }
        if line.starts(with: "HTTP/".utf8) {
            let fields = line.split(whereSeparator: \.isBlank)
            status = fields.count > 1 ? Int(text(fields[1])) ?? 0 : 0
            headers = []
            ended = false
        } else if line.allSatisfy(\.isBlank) {
            ended = true
        } else if !ended, let colon = line.firstIndex(of: UInt8(ascii: ":")) {
            headers.append((text(line[..<colon]), text(line[line.index(after: colon)...])))
        }
        return true
    }

    private func text(_ bytes: some BidirectionalCollection<UInt8>) -> String {
        guard let first = bytes.firstIndex(where: { !$0.isBlank }),
            let last = bytes.lastIndex(where: { !$0.isBlank })
        else { return "" }
        return String(decoding: bytes[first...last], as: UTF8.self)
    }
}

extension UInt8 {
    /// A space, a tab or half of a line break.
    fileprivate var isBlank: Bool {
        self == UInt8(ascii: " ") || (9...13).contains(self)
    }
}
