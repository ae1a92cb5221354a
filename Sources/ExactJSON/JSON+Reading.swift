extension JSON {
    /// How much of a structure a reader takes on; the bytes are counted by whoever collects them.
    public struct Limits: Sendable {
        /// How deep arrays and objects may stand in each other.
        public var depth: Int
        /// How many values a text may have in all, members of objects among them.
        public var values: Int

        public init(depth: Int = 64, values: Int = 100_000) {
            self.depth = depth
            self.values = values
        }
    }

    /// Reads one JSON text as RFC 8259 has it.
    ///
    /// Stricter than the RFC where it leaves a choice: a name that stands twice in an object, and an escape
    /// that is half of a surrogate pair, are refused. A byte order mark in front is passed over.
    public init(parsing bytes: some Collection<UInt8>, limits: Limits = Limits()) throws(JSONError)
    {
        let contiguous = bytes.withContiguousStorageIfAvailable { read($0, limits) }
        self = try (contiguous ?? Array(bytes).withUnsafeBufferPointer { read($0, limits) }).get()
    }

    /// A number by the text it is written with; `nil` if JSON has no such number.
    public init?(lexeme: String) {
        guard let value = try? JSON(parsing: lexeme.utf8), value == .number(lexeme) else {
            return nil
        }
        self = value
    }
}

private func read(
    _ bytes: UnsafeBufferPointer<UInt8>, _ limits: JSON.Limits
) -> Result<JSON, JSONError> {
    Result { () throws(JSONError) in
        var reader = JSONReader(bytes, limits)
        return try reader.text()
    }
}
