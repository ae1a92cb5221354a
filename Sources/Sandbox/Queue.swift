import Foundation

extension Sandbox {
    /// A queue of the pretend organization.
    public struct Queue: Codable, Sendable, Equatable {
        /// Which response libraries its agents are shown, in the words of the API.
        public enum LibraryMode: String, Codable, Sendable {
            case all = "All"
            case selectedOnly = "SelectedOnly"
            case none = "None"
        }

        public var id: String
        public var name: String
        /// The id of the division that it belongs to, and its conversations with it.
        public var division: String
        /// Where the mail of its agents comes from; without one they can start none.
        public var outboundAddress: String?
        public var libraryMode: LibraryMode
        /// The ids of its libraries, for ``LibraryMode/selectedOnly``.
        public var libraries: [String]

        public init(
            id: String, name: String, division: String = Settings.homeDivision,
            outboundAddress: String? = nil, libraryMode: LibraryMode = .all,
            libraries: [String] = []
        ) {
            self.id = id
            self.name = name
            self.division = division
            self.outboundAddress = outboundAddress
            self.libraryMode = libraryMode
            self.libraries = libraries
        }

        /// Only id and name are needed.
        public init(from decoder: any Decoder) throws {
            let object = try decoder.closedObject(CodingKeys.self)
            self.init(
                id: try object.decode(String.self, forKey: .id),
                name: try object.decode(String.self, forKey: .name),
                division: try object.decodeIfPresent(String.self, forKey: .division)
                    ?? Settings.homeDivision,
                outboundAddress: try object.decodeIfPresent(
                    String.self, forKey: .outboundAddress),
                libraryMode: try object.decodeIfPresent(LibraryMode.self, forKey: .libraryMode)
                    ?? .all,
                libraries: try object.decodeIfPresent([String].self, forKey: .libraries) ?? [])
        }

        enum CodingKeys: String, CodingKey {
            case id, name, division, outboundAddress, libraryMode, libraries
        }
    }
}

extension Sandbox.Queue {
    /// The domain of the address that it sends from, and the mailbox.
    var outboundRoute: (domain: String, mailbox: String)? {
        guard let address = outboundAddress, let at = address.lastIndex(of: "@") else {
            return nil
        }
        return (String(address[address.index(after: at)...]), String(address[..<at]))
    }
}
