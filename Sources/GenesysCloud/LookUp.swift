import Outbox

/// Looks for what an attempt may have created, in one source after the other.
struct LookUp: Sendable {
    private let sources: [LookUpSource]
    private let searches: [LookUpSource: any ConversationSearch]
    private let journal: MarkerJournal
    private let doubles: Doubles
    private let environment: Environment

    init(
        _ sources: [LookUpSource], client: GenesysClient, provider: String,
        fences: @escaping FencesOfConversations, journal: MarkerJournal, environment: Environment
    ) {
        self.sources = sources
        self.journal = journal
        searches = [
            .analytics: AnalyticsSearch(client: client, provider: provider, fences: fences),
            .attributes: AttributeSearch(client: client, fences: fences),
        ]
        doubles = Doubles(client: client, provider: provider)
        self.environment = environment
    }

    /// - Parameter measured: the sources that are known to show such conversations at all.
    func sighting(of look: Look, measured: Set<LookUpSource>) async -> Sighting {
        var misses: [(LookUpSource, Sighting)] = []
        for source in sources {
            guard let search = searches[source] else {
                if let sighting = await told(of: look) { return sighting }
                continue
            }
            let sighting = await sighting(
                of: look, in: search, isMeasured: measured.contains(source))
            switch sighting {
            case .found: return sighting
            case .absent(let reason): return .absent("\(source) \(reason)")
            default: misses.append((source, sighting))
            }
        }
        return summary(misses)
    }

    /// What the feed has told of the entry; what it has not proves nothing.
    private func told(of look: Look) async -> Sighting? {
        let marker = look.entry.id
        return await sighting(among: journal.traces(of: marker), of: look)
    }

    private func sighting(
        of look: Look, in search: any ConversationSearch, isMeasured: Bool
    ) async -> Sighting {
        let now = environment.now()
        let span = min(look.attemptedAt, now)...max(look.attemptedAt, now)
        let marker = look.entry.id.description
        do throws(SearchError) {
            let watermark =
                isMeasured
                ? try await search.watermark(for: look, within: span)
                : .missing(
                    "is not measured for this organisation; run `genesys-bridge check --live "
                        + "--probe \(look.route.name)`")
            let traces = try await search.traces(of: marker, within: span)
            if let sighting = await sighting(among: traces, of: look) { return sighting }
            switch watermark {
            case .shown(let reason): return .absent("\(reason), and not this")
            case .missing(let reason): return .unseen(reason)
            }
        } catch {
            return error.sighting
        }
    }

    /// - Returns: `nil` if there is none, or of a delivered entry no other than the known one.
    private func sighting(among traces: [Trace], of look: Look) async -> Sighting? {
        var traces = traces
        let known = look.entry.state == .delivered ? look.entry.reference : nil
        guard traces.contains(where: { $0.id != known }) else { return nil }
        if let known, !traces.contains(where: { $0.id == known }) {
            // What it does not show yet came last.
            traces.append(Trace(id: known, createdAt: ""))
        }
        return await doubles.settled(traces, marker: "\(look.entry.id)")
    }

    /// The most hopeful of them, with what each of them said.
    private func summary(_ misses: [(source: LookUpSource, sighting: Sighting)]) -> Sighting {
        let reason = misses.map { "\($0.source): \($0.sighting.reason ?? "")" }
            .joined(separator: "; ")
        let labels = Set(misses.map(\.sighting.label))
        if labels.contains("unseen") { return .unseen(reason) }
        if labels.contains("unavailable") { return .unavailable(reason) }
        guard misses.isEmpty else { return .blind(reason) }
        return sources.isEmpty
            ? .blind("retry.lookUp is empty") : .unseen("feed: it has told nothing of it")
    }
}
