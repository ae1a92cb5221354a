import Logging

extension Relay {
    /// Starts the looks that are due, and says at which uptime there will be more.
    ///
    /// A closed gate does not stop them: where nothing but doubts is left, they are what finds out that the
    /// destination is back.
    func look(on index: Int) async -> Duration? {
        let schedule = lines[index].looks
        guard schedule.room > 0, let due = schedule.nextAt else { return nil }
        guard due <= environment.uptime() else { return due }
        let destination = lines[index].destination
        do throws(StoreError) {
            let found = try await store.looks(to: destination.name, limit: LookSchedule.atOnce)
            lines[index].looks.settle(
                on: found.nextDue.map { environment.uptime() + ($0 - environment.now()) })
            for look in found.looks where lines[index].looks.underWay[look.entry.id] == nil {
                guard lines[index].looks.room > 0 else { break }
                lines[index].looks.underWay[look.entry.id] = Task {
                    let sighting = await destination.look(for: look)
                    await self.finish(look, with: sighting, on: index)
                }
            }
        } catch {
            logger.error("asking for looks failed", metadata: ["error": "\(error)"])
            lines[index].looks.settle(on: environment.uptime() + .seconds(5))
        }
        return lines[index].looks.room > 0 ? lines[index].looks.nextAt : nil
    }

    private func finish(_ look: Look, with sighting: Sighting, on index: Int) async {
        defer {
            lines[index].looks.underWay[look.entry.id] = nil
            wakeUps.continuation.yield()
        }
        guard !Task.isCancelled else { return }
        let verdict = lines[index].policy.verdict(on: sighting, of: look, now: environment.now())
        do throws(StoreError) {
            try await store.settle(look, verdict)
            log(look, sighting, verdict)
            if look.entry.state == .inDoubt, case .delivered = verdict {
                lines[index].throughput.count(at: environment.uptime())
            }
            lines[index].looks.expect(at: environment.uptime())
        } catch {
            // An operator may have settled it meanwhile.
            guard error != .stale else { return }
            logger.error(
                "settling a look failed",
                metadata: ["entry": "\(look.entry.id)", "error": "\(error)"])
            lines[index].looks.expect(at: environment.uptime() + .seconds(5))
        }
    }

    /// A doubt that stays is no news; a second conversation is.
    private func log(_ look: Look, _ sighting: Sighting, _ verdict: Verdict) {
        var level = verdict.state == look.entry.state ? Logger.Level.debug : verdict.logLevel
        if case .found(_, _?) = sighting { level = .warning }
        logger.log(
            level: level, "looked",
            metadata: [
                "entry": "\(look.entry.id)", "look": "\(look.number + 1)",
                "sighting": "\(sighting.label)", "state": "\(verdict.state)",
                "reason": "\(sighting.reason ?? "-")",
            ])
    }

    /// Looks are reads: what is cut off is made again at the next start.
    func stopLooking() async {
        let looks = lines.flatMap { $0.looks.underWay.values }
        for look in looks { look.cancel() }
        for look in looks { await look.value }
    }
}
