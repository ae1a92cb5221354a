internal import Outbox

extension Writer {
    func begin(
        _ name: String, contentType: String, size: Int, in thread: ThreadName, by agent: String,
        room: Int
    ) throws -> FileID {
        try KeptFile.check(name: name, contentType: contentType, size: size)
        guard let thread = try existingThread(thread) else { throw StoreError.notFound }
        let cutoff = environment.now() + (.zero - KeptFile.abandonedAfter)
        let abandoned = try desk.abandonedFiles.all(
            thread.id, agent, FileID(firstAt: cutoff).rawValue
        ) { $0.integer(0) }
        for file in abandoned { try drop(file: file) }
        let unsent = try desk.unsentFiles.first(thread.id, agent) {
            (count: Int($0.integer(0)), bytes: Int($0.integer(1)))
        }
        try KeptFile.check(size: size, unsent: unsent ?? (0, 0), room: room)
        let number = nextNumber(at: environment.now())
        try desk.insertFile.run(number, thread.id, agent, name, contentType, size)
        return FileID(rawValue: number)
    }

    func append(_ bytes: [UInt8], number: Int, to id: FileID) throws {
        guard let stored = try find(id) else { throw StoreError.notFound }
        guard (1...KeptFile.partSize).contains(bytes.count) else {
            throw StoreError.notAllowed("a part of a file has 1 to \(KeptFile.partSize) bytes")
        }
        guard stored.received + bytes.count <= stored.file.size else {
            throw StoreError.notAllowed("the file is larger than was said")
        }
        let next = try desk.nextPart.first(id.rawValue) { Int($0.integer(0)) } ?? 0
        guard number == next else {
            throw StoreError.notAllowed("the file's next part is number \(next)")
        }
        try desk.insertPart.run(id.rawValue, number, bytes)
        try desk.saveReceived.run(bytes.count, id.rawValue)
    }

    func drop(_ id: FileID, by agent: String) throws {
        guard let stored = try find(id), stored.file.agent == agent else {
            throw StoreError.notFound
        }
        guard stored.file.message == nil else {
            throw StoreError.notAllowed("the file was sent")
        }
        try drop(file: id.rawValue)
        try desk.dropEmptyDrafts.run(stored.thread)
    }

    func find(_ id: FileID) throws -> StoredFile? {
        try desk.findFile.first(id.rawValue, read: StoredFile.init)
    }

    /// Files that an agent may name in a draft or, where they are all there, send.
    /// - Throws: `notAllowed`
    func files(
        _ ids: [FileID], of thread: StoredThread, by agent: String, areAll: Bool = false
    ) throws -> [KeptFile] {
        guard Set(ids).count == ids.count else {
            throw StoreError.notAllowed("a file is named twice")
        }
        return try ids.map { id in
            guard let stored = try find(id), stored.thread == thread.id,
                stored.file.agent == agent, stored.file.message == nil
            else {
                throw StoreError.notAllowed(
                    "the file \(id) is not one that the agent has uploaded here and not sent yet")
            }
            guard stored.isComplete || !areAll else {
                throw StoreError.notAllowed("the file \(id) has not come in full")
            }
            return stored.file
        }
    }

    func send(_ files: [KeptFile], with message: MessageID) throws {
        for (place, file) in files.enumerated() {
            try desk.sendFile.run(message.rawValue, place, file.id.rawValue)
        }
    }

    /// - Returns: of how many parts it was.
    @discardableResult
    func drop(file: Int64) throws -> Int {
        let parts = try desk.dropParts.all(file) { $0.integer(0) }
        try desk.dropFile.run(file)
        return parts.count
    }

    func linkKey() throws -> [UInt8] {
        if let known = try sql.findMeta.first(Meta.linkKey, read: { $0.text(0) }) {
            return stride(from: 0, to: known.utf8.count, by: 2).compactMap {
                UInt8(known.dropFirst($0).prefix(2), radix: 16)
            }
        }
        // Of the system's own source, which nobody can foretell.
        let key = (0..<32).map { _ in UInt8.random(in: .min ... .max) }
        let digits = key.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
        try sql.saveMeta.run(Meta.linkKey, digits.joined())
        return key
    }
}

extension [Attachment] {
    /// - Parameter files: one for each that names a file, in their order.
    mutating func replaceFiles(by files: [KeptFile]) {
        for (place, file) in zip(indices.filter { self[$0].file != nil }, files) {
            self[place] = file.attachment
        }
    }
}
