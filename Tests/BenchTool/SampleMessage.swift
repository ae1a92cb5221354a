/// A shop's message as the bench posts it: with an order, in a thread of its own, of an exact size.
struct SampleMessage {
    let number: Int
    /// Of the body, in bytes.
    let size: Int

    /// As random as the ids of a shop's library, and the same for the same number.
    var key: String {
        var state = UInt64(number) &+ 0x9E37_79B9_7F4A_7C15
        let words = (0..<2).map { _ -> String in
            state = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
            state = (state ^ (state >> 27)) &* 0x94D0_49BB_1331_11EB
            state ^= state >> 31
            return String(state, radix: 36)
        }
        return "msg_\(words.joined())\(number)"
    }

    /// The text is as long as the size asks for; a larger message has a larger order as well.
    var body: [UInt8] {
        let items = (0..<(size / 2048 + 1)).map { item in
            """
            {"sku":"IPOD2008PINK-\(item)","name":"IPod Nano - 8 GB, rosé","quantity":1,"price":"199.00"}
            """
        }
        let head = """
            {"message":{"id":"m-\(number)","subject":"Where is my parcel?","body":"Hallo,\\nmein Paket fehlt. 😕 
            """.dropLast()
        let tail = """
            "},"customer":{"id":"c-\(number)","email":"zoe.\(number)@example.com","name":"Zoë Müller",\
            "locale":"de-DE"},"order":{"id":"\(number)","number":"#\(number)","status":"paid",\
            "currency":"EUR","total":"403.00","created_at":"2026-03-01T10:00:00Z",\
            "url":"https://shop.example.com/admin/orders/\(number)","item_count":\(items.count),\
            "items":[\(items.joined(separator: ","))]},"attributes":{"vip":"true","channel":"web"}}
            """
        let text = max(0, size - head.utf8.count - tail.utf8.count)
        let words = "Ich warte seit Montag darauf. "
        let filling = String(repeating: words, count: text / words.utf8.count + 1).utf8.prefix(text)
        return Array(head.utf8) + Array(filling) + Array(tail.utf8)
    }
}
