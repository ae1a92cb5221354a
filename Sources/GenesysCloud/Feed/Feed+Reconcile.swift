import ExactJSON
import Logging
import Outbox

extension Feed {
    /// How many a call asks for; Genesys publishes no limit.
    private static let chunk = 50
    /// How many are asked for one by one after each comparison, while Genesys tells of changes and in the minutes in
    /// which it does not; with the comparison itself at most a sixth of the limit.
    private static let singles = 100
    private static let singlesUntold = 20
    /// For how long nothing may be heard of one that analytics do not know.
    private static let silence = Duration.seconds(600)

    /// Why one of them is asked for alone.
    private struct Doubt {
        var id: String
        /// What analytics show: it is taken as true where the conversation cannot be asked for.
        var shown: Observation?
        var told: Int
    }

    /// What a comparison has come to so far.
    private struct Pass {
        var ended: [Doubt] = []
        var changed: [Doubt] = []
        var unknown: [Doubt] = []
        var live: Set<String> = []
        var trouble: String?
        var asksAnalytics = true
    }

    /// Learns in which queues conversations are, before anything is told.
    func learnQueues() async {
        _ = await pages { page in
            for record in page { if let queue = record.queue { topics.add(queue.id) } }
        }
    }

    /// Compares all live conversations with Genesys.
    func reconcile() async {
        var pass = Pass()
        let isWhole = await pages { page in
            pass.live.formUnion(page.map(\.reference))
            var rest = page[...]
            while !rest.isEmpty {
                await compare(rest.prefix(Self.chunk), &pass)
                rest = rest.dropFirst(Self.chunk)
            }
        }
        guard isWhole, !Task.isCancelled else { return }
        await subscribeToNew()
        let changed = Set(pass.changed.map(\.id))
        let others = suspects.subtracting(changed)
        suspects = []
        pass.changed += others.map { Doubt(id: $0, told: tracks[$0]?.told ?? 0) }
        await settle(&pass)
        tracks = tracks.filter { id, track in
            pass.live.contains(id)
                || environment.uptime() - (track.seenAt ?? .zero) < Self.silence
        }
        state.live = pass.live.count
        state.reconcileTrouble = pass.trouble
        if pass.trouble == nil { state.reconciledAt = environment.now() }
    }

    /// Asks for those in queues of which nothing was told before.
    func clearSuspects() async {
        guard !suspects.isEmpty else { return }
        await subscribeToNew()
        let all = suspects
        suspects = []
        for id in all.prefix(Self.singlesUntold) {
            guard await ask(for: Doubt(id: id, told: tracks[id]?.told ?? 0)) == nil else { return }
        }
    }

    /// - Returns: whether all pages were read.
    private func pages(_ body: ([LiveRecord]) async -> Void) async -> Bool {
        var last: ConversationID?
        while !Task.isCancelled {
            do {
                let page = try await store.live(after: last, limit: 500)
                guard let end = page.last else { return true }
                last = end.id
                await body(page.filter { $0.reference.isPlainID })
            } catch {
                logger.error("reading live conversations failed", metadata: ["error": "\(error)"])
                return false
            }
        }
        return false
    }

    // MARK: - Many at once

    private func compare(_ records: ArraySlice<LiveRecord>, _ pass: inout Pass) async {
        let told = records.map { tracks[$0.reference]?.told ?? 0 }
        let shown = await details(of: records.map(\.reference), &pass)
        for (record, told) in zip(records, told) {
            let id = record.reference
            let now = tracks[id] ?? Track()
            // What was told meanwhile is newer.
            guard now.told == told else { continue }
            guard let snapshot = shown[id], let seen = Observation(snapshot, provider: provider)
            else {
                let silent = environment.uptime() - (now.seenAt ?? .zero)
                if now.seenAt == nil || silent >= Self.silence {
                    pass.unknown.append(Doubt(id: id, told: told))
                }
                continue
            }
            note(seen.queue, of: id)
            if let newest = snapshot.newest, let known = now.newest, newest < known { continue }
            let doubt = Doubt(id: id, shown: seen, told: told)
            if seen.stage == .ended {
                pass.ended.append(doubt)
            } else if seen.stage != record.stage
                || record.queue.map({ $0.id != seen.queue?.id }) ?? false
            {
                pass.changed.append(doubt)
            } else {
                sight.yield(seen)
            }
        }
    }

    private func details(
        of ids: [String], _ pass: inout Pass
    ) async -> [String: ConversationSnapshot] {
        guard pass.asksAnalytics else { return [:] }
        do {
            let answer = try await client.call(
                .follow, "GET",
                "/api/v2/analytics/conversations/details?id=\(ids.joined(separator: ","))")
            guard answer.status == 200 else {
                pass.trouble = "analytics: \(answer.complaint)"
                return [:]
            }
            let found = (answer.body?["conversations"]?.array ?? [])
                .compactMap(ConversationSnapshot.init(analytics:))
            return Dictionary(found.map { ($0.id, $0) }) { $1 }
        } catch {
            pass.trouble = "analytics: \(error.reason)"
            pass.asksAnalytics = false
            return [:]
        }
    }

    // MARK: - One by one

    /// Asks for those that analytics leave in doubt, as far as the pace allows: first the ended ones, whose details
    /// are asked for once; of the unknown ones those longest unseen.
    private func settle(_ pass: inout Pass) async {
        let unknown = pass.unknown.sorted {
            tracks[$0.id]?.seenAt ?? .zero < tracks[$1.id]?.seenAt ?? .zero
        }
        var left = isConnected ? Self.singles : Self.singlesUntold
        for doubt in pass.ended + pass.changed + unknown {
            if left > 0, !Task.isCancelled {
                guard let trouble = await ask(for: doubt) else {
                    left -= 1
                    continue
                }
                left = 0
                pass.trouble = pass.trouble ?? trouble
            }
            guard let shown = doubt.shown, tracks[doubt.id]?.told ?? 0 == doubt.told else {
                continue
            }
            sight.yield(shown)
        }
    }

    /// - Returns: why no more can be asked for; `nil` if all is well.
    private func ask(for doubt: Doubt) async -> String? {
        let id = doubt.id
        let told = tracks[id]?.told ?? 0
        let answer: Answer
        do {
            answer = try await client.call(.conversation, "GET", "/api/v2/conversations/\(id)")
        } catch {
            return "conversations: \(error.reason)"
        }
        guard tracks[id]?.told ?? 0 == told else { return nil }
        switch answer.status {
        case 200:
            let snapshot = answer.body.flatMap(ConversationSnapshot.init(general:))
            guard let snapshot, let seen = Observation(snapshot, provider: provider) else { break }
            track(id, snapshot.newest)
            note(seen.queue, of: id)
            sight.yield(seen)
        case 404:
            // One that was created just now may not be shown yet; it is asked for again.
            let since = tracks[id]?.missingSince ?? environment.uptime()
            tracks[id, default: Track()].missingSince = since
            guard environment.uptime() - since >= Self.intervalUntold else { break }
            sight.yield(Observation(reference: id, stage: .ended, end: .unknown))
        case 408, 429, 500...:
            return "conversations: \(answer.complaint)"
        default:
            // One that may not be read, as in another division: it is not asked for again so soon.
            track(id, nil)
            if let shown = doubt.shown { sight.yield(shown) }
        }
        return nil
    }
}
