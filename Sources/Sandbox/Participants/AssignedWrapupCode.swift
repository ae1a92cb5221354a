/// How an agent closed a conversation, an `AssignedWrapupCode`, as answers and the feed show it.
struct AssignedWrapupCode: Encodable {
    let code: String
    let notes: String?
    let tags: [String]
    let durationSeconds: Int?
    let endTime: String?

    init(_ wrapup: Wrapup) {
        code = wrapup.code
        notes = wrapup.notes
        tags = wrapup.tags
        durationSeconds = wrapup.durationSeconds
        endTime = wrapup.endTime
    }
}
