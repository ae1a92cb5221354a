extension String {
    /// Whether it is an id as Genesys writes it: 8, 4, 4, 4 and 12 hexadecimal digits.
    ///
    /// Foundation's reader takes blanks among them as well, and whatever stands behind a NUL.
    public var isUUID: Bool {
        let bytes = Array(utf8)
        return bytes.count == 36
            && bytes.indices.allSatisfy { place in
                [8, 13, 18, 23].contains(place)
                    ? bytes[place] == UInt8(ascii: "-")
                    : Unicode.Scalar(bytes[place]).properties.isASCIIHexDigit
            }
    }
}
