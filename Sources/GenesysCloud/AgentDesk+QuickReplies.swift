import ExactJSON
public import Outbox

extension AgentDesk: QuickReplies {
    /// More than that is not read of what the libraries hold.
    private static let mostLibraries = 20
    private static let mostPages = 5
    private static let pageSize = 100

    public func replies(
        in queue: Queue?, matching text: String, as agent: AgentAccess
    ) async throws(ParticipationError) -> [QuickReply] {
        // By the token: another login of the same agent may end, or be allowed less.
        let key = "\(agent.token) \(queue?.id ?? "")"
        let all = try await replies.value(of: key) { () throws(ParticipationError) in
            try await load(queue, as: agent)
        }
        let wanted = text.lowercased()
        let found = all.lazy.filter {
            wanted.isEmpty || $0.name.lowercased().contains(wanted)
                || $0.text.lowercased().contains(wanted)
        }
        return Array(found.prefix(100))
    }

    private func load(
        _ queue: Queue?, as agent: AgentAccess
    ) async throws(ParticipationError) -> [QuickReply] {
        var found: [QuickReply] = []
        var refusal: ParticipationError?
        for library in try await libraries(of: queue, as: agent).prefix(Self.mostLibraries) {
            do throws(ParticipationError) {
                found += try await responses(of: library, as: agent)
            } catch .notPermitted(let reason) {
                refusal = .notPermitted(reason)
            } catch .notParticipant {
                // Gone, or of a division that is closed to the agent.
            }
        }
        if found.isEmpty, let refusal { throw refusal }
        var seen: Set<String> = []
        return found.filter { seen.insert($0.id).inserted }
    }

    /// A queue's `cannedResponseLibraries`: named ones, none, or all there are.
    private func libraries(
        of queue: Queue?, as agent: AgentAccess
    ) async throws(ParticipationError) -> [Library] {
        if let queue {
            guard queue.id.isPlainID else { throw .refused("a queue has no such id") }
            let path = "/api/v2/routing/queues/\(queue.id)"
            let chosen = try await settings(path, as: agent)["cannedResponseLibraries"]
            switch chosen?["mode"]?.string {
            case "None": return []
            case "SelectedOnly":
                let ids = chosen?["libraryIds"]?.array?.compactMap(\.string) ?? []
                return ids.filter(\.isPlainID).map { Library(id: $0, name: nil) }
            default: break
            }
        }
        let path = "/api/v2/responsemanagement/libraries?pageSize=\(Self.pageSize)&pageNumber=1"
        let entities = try await call(agent, "GET", path).body?["entities"]?.array ?? []
        return entities.compactMap(Library.init)
    }

    private func responses(
        of library: Library, as agent: AgentAccess
    ) async throws(ParticipationError) -> [QuickReply] {
        var found: [QuickReply] = []
        for page in 1...Self.mostPages {
            let path =
                "/api/v2/responsemanagement/responses?libraryId=\(library.id)"
                + "&pageSize=\(Self.pageSize)&pageNumber=\(page)"
            let entities = try await call(agent, "GET", path).body?["entities"]?.array ?? []
            found += entities.compactMap { QuickReply($0, in: library) }
            guard entities.count == Self.pageSize else { break }
        }
        return found
    }
}

private struct Library {
    var id: String
    var name: String?
}

extension Library {
    fileprivate init?(_ json: JSON) {
        guard let id = json["id"]?.string, id.isPlainID else { return nil }
        self.init(id: id, name: json["name"]?.string)
    }
}

extension QuickReply {
    /// A `Response` with `texts` of `content` and `contentType`; of two the plain one is taken.
    ///
    /// Those with a `responseType` are templates of campaigns and messaging services, and footers.
    fileprivate init?(_ json: JSON, in library: Library) {
        guard let id = json["id"]?.string, json["responseType"]?.string == nil else { return nil }
        let texts = json["texts"]?.array ?? []
        let plain = texts.first { $0["contentType"]?.string != "text/html" }
        guard let content = (plain ?? texts.first)?["content"]?.string,
            content.utf8.count <= 262_144
        else { return nil }
        let text = plain == nil ? String(html: content) : content
        guard !text.isEmpty, text.utf8.count <= 65_536 else { return nil }
        let named = json["libraries"]?.array?.first { $0["id"]?.string == library.id }
        self.init(
            id: id, name: json["name"]?.string ?? "",
            library: library.name ?? named?["name"]?.string ?? "", text: text,
            defaults: Self.defaults(json["substitutions"]))
    }

    /// A list of `ResponseSubstitution`, by their `id`, which is what stands in the braces.
    private static func defaults(_ json: JSON?) -> [String: String] {
        let pairs = (json?.array ?? []).compactMap { one -> (String, String)? in
            guard let name = one["id"]?.string, let value = one["defaultValue"]?.string else {
                return nil
            }
            return (name, value)
        }
        return Dictionary(pairs) { first, _ in first }
    }
}
