internal import Outbox

/// A file without its bytes, in the order that `StoredFile.init` reads.
enum FileSelection {
    static let columns = """
        f.id, s.name, t.key, f.agent, f.name, f.content_type, f.size, f.message, f.received, f.thread
        """

    static let tables = """
        file f
          CROSS JOIN thread t ON t.id = f.thread
          CROSS JOIN shop s ON s.id = t.shop
        """
}

/// A file as the store keeps it.
struct StoredFile {
    let file: KeptFile
    /// How many of its bytes have come.
    let received: Int
    let thread: Int64

    init(_ row: Row) {
        file = KeptFile(
            id: FileID(rawValue: row.integer(0)),
            thread: ThreadName(ShopName(row.text(1)), ThreadKey(row.text(2))), agent: row.text(3),
            name: row.text(4), contentType: row.text(5), size: Int(row.integer(6)),
            message: row.optionalInteger(7).map { MessageID(rawValue: $0) })
        received = Int(row.integer(8))
        thread = row.integer(9)
    }

    var isComplete: Bool { received == file.size }
}
