/// What Genesys said, each for as long as it holds; beyond a number, all of it is asked for again.
struct Words<Subject: Hashable, Word> {
    private static var most: Int { 10_000 }

    private var kept: [Subject: (word: Word, until: Duration)] = [:]

    func word(on subject: Subject, at uptime: Duration) -> Word? {
        kept[subject].flatMap { uptime < $0.until ? $0.word : nil }
    }

    mutating func keep(_ word: Word, on subject: Subject, for age: Duration, at uptime: Duration) {
        if kept.count >= Self.most { kept = kept.filter { uptime < $0.value.until } }
        if kept.count >= Self.most { kept = [:] }
        kept[subject] = (word, uptime + age)
    }

    mutating func forget(_ subject: Subject) { kept[subject] = nil }
}
