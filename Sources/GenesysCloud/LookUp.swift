import Outbox

/// Looks for what an attempt may have created, in one source after the other.
struct LookUp: Sendable {
    private let searches: [(source: LookUpSource, search: any ConversationSearch)]
    private let doubles: Doubles
    private let environment: Environment

    init(
        _ sources: [LookUpSource], client: GenesysClient, provider: String,
        fences: @escaping FencesOfConversations, environment: Environment
    ) {
        searches = sources.map {
            ($0, $0.search(client: client, provider: provider, fences: fences))
        }
        doubles = Doubles(client: client, provider: provider)
        self.environment = environment
    }

    /// - Parameter measured: the sources that are known to show such conversations at all.
    func sighting(of look: Look, measured: Set<LookUpSource>) async -> Sighting {
        var misses: [(LookUpSource, Sighting)] = []
        for (source, search) in searches {
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
            var traces = try await search.traces(of: marker, within: span)
            // Of a delivered entry the source has to show another conversation than the known one.
            let known = look.entry.state == .delivered ? look.entry.reference : nil
            if traces.contains(where: { $0.id != known }) {
                if let known, !traces.contains(where: { $0.id == known }) {
                    // What it does not show yet came last.
                    traces.append(Trace(id: known, createdAt: ""))
                }
                return await doubles.settled(traces, marker: marker)
            }
            switch watermark {
            case .shown(let reason): return .absent("\(reason), and not this")
            case .missing(let reason): return .unseen(reason)
            }
        } catch {
            return error.sighting
        }
    }

    /// The most hopeful of them, with what each of them said.
    private func summary(_ misses: [(source: LookUpSource, sighting: Sighting)]) -> Sighting {
        let reason = misses.map { "\($0.source): \($0.sighting.reason ?? "")" }
            .joined(separator: "; ")
        let labels = Set(misses.map(\.sighting.label))
        if labels.contains("unseen") { return .unseen(reason) }
        if labels.contains("unavailable") { return .unavailable(reason) }
        return .blind(misses.isEmpty ? "retry.lookUp is empty" : reason)
    }
}

extension LookUpSource {
    func search(
        client: GenesysClient, provider: String, fences: @escaping FencesOfConversations
    ) -> any ConversationSearch {
        switch self {
        case .analytics: AnalyticsSearch(client: client, provider: provider, fences: fences)
        case .attributes: AttributeSearch(client: client, fences: fences)
        }
    }
}
