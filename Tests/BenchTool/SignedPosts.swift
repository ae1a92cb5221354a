import Crypto
import Foundation
import NIOCore

/// Posts that are signed before the measurement begins: one buffer, and where each of them ends.
struct SignedPosts {
    private var buffer = ByteBuffer()
    private var ends = [0]

    /// - Parameter secret: with `whsec_` and base64.
    init(_ messages: some Sequence<SampleMessage>, to path: String, secret: String) {
        let key = SymmetricKey(data: Data(base64Encoded: String(secret.dropFirst(6))) ?? Data())
        let now = Int(Date().timeIntervalSince1970)
        for message in messages {
            let body = message.body
            var mac = HMAC<SHA256>(key: key)
            mac.update(data: Array("\(message.key).\(now).".utf8))
            mac.update(data: body)
            let signature = Data(mac.finalize()).base64EncodedString()
            buffer.writeString(
                """
                POST \(path) HTTP/1.1\r
                Host: localhost\r
                Content-Type: application/json\r
                Content-Length: \(body.count)\r
                webhook-id: \(message.key)\r
                webhook-timestamp: \(now)\r
                webhook-signature: v1,\(signature)\r
                \r

                """)
            buffer.writeBytes(body)
            ends.append(buffer.writerIndex)
        }
    }

    var count: Int { ends.count - 1 }

    subscript(index: Int) -> ByteBuffer {
        guard let post = buffer.getSlice(at: ends[index], length: ends[index + 1] - ends[index])
        else { preconditionFailure("there are \(count) posts, not \(index + 1)") }
        return post
    }
}
