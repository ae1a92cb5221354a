import ExactJSON
import HTTPTypes
import HummingbirdCore
import NIOCore
import Outbox

extension Conversations {
    /// Of the greatest size, that an agent may have in a thread without sending them.
    private static let unsentFiles = 5

    /// Takes a file in, of which never more than a part is held.
    @Sendable func takeFile(_ visit: ThreadVisit) async throws -> Response {
        try await permit(.attach, visit)
        let call = visit.call
        guard let type = call.request.headers.value(.contentType)?.mediaType,
            settings.fileTypes.contains(type)
        else {
            throw Problem(
                .unsupportedMediaType, .badType,
                "files of this type are not taken; these are: "
                    + settings.fileTypes.joined(separator: ", "), field: "content-type")
        }
        guard let size = call.request.headers.value(.contentLength).flatMap({ Int($0) }) else {
            throw Problem(
                .lengthRequired, .invalid, "say how long the file is", field: "content-length")
        }
        guard (1...settings.maxFile).contains(size) else {
            throw Problem(
                .contentTooLarge, .tooLarge, "a file has 1 to \(settings.maxFile) bytes")
        }
        guard let name = (call.target["name"] ?? "").asFileName else {
            throw FieldError(field: "name", problem: "has to name the file")
        }
        let id = try await begin(name, type, size, visit)
        do {
            try await fill(id, with: call.request.body, size: size)
        } catch {
            // What was begun and never filled is of no use; the store drops by itself what is left of it.
            try? await store.drop(id, by: visit.agent.id)
            throw error
        }
        return .private(try await store.file(id).json, status: .created)
    }

    private func begin(
        _ name: String, _ type: String, _ size: Int, _ visit: ThreadVisit
    ) async throws -> FileID {
        do {
            return try await store.begin(
                name, contentType: type, size: size, in: visit.thread, by: visit.agent.id,
                room: Self.unsentFiles * settings.maxFile)
        } catch StoreError.notAllowed(let reason) {
            throw Problem(.conflict, .tooLarge, reason)
        }
    }

    /// - Throws: `Problem` where the body is not as long as it was said to be.
    private func fill(_ id: FileID, with body: RequestBody, size: Int) async throws {
        var part: [UInt8] = []
        var number = 0
        var count = 0
        do {
            for try await bytes in body {
                count += bytes.readableBytes
                guard count <= size else {
                    throw Problem(.badRequest, .invalid, "the file is longer than was said")
                }
                var bytes = bytes.readableBytesView[...]
                while !bytes.isEmpty {
                    let room = KeptFile.partSize - part.count
                    part += bytes.prefix(room)
                    bytes = bytes.dropFirst(room)
                    if part.count == KeptFile.partSize {
                        try await store.append(part, number: number, to: id)
                        number += 1
                        part.removeAll(keepingCapacity: true)
                    }
                }
            }
        } catch let error as StoreError {
            throw error
        } catch let problem as Problem {
            throw problem
        } catch {
            throw Problem(.badRequest, .invalid, "the file did not arrive whole")
        }
        guard count == size else {
            throw Problem(.badRequest, .invalid, "the file did not arrive whole")
        }
        if !part.isEmpty { try await store.append(part, number: number, to: id) }
    }

    @Sendable func giveFile(_ visit: ThreadVisit) async throws -> Response {
        try await file(visit.parameters[0], of: visit.thread, for: visit)
    }

    /// What is not sent yet is its agent's alone.
    func file(
        _ id: String, of thread: ThreadName, for visit: ThreadVisit
    ) async throws -> Response {
        guard let id = FileID(id) else { throw StoreError.notFound }
        let file = try await store.file(id)
        guard file.thread == thread else { throw StoreError.notFound }
        if let message = file.message {
            if thread == visit.thread {
                guard try await shows(message, to: visit) else { throw StoreError.notFound }
            }
        } else if file.agent != visit.agent.id {
            throw StoreError.notFound
        }
        return .download(file, from: store, types: settings.fileTypes)
    }

    @Sendable func dropFile(_ visit: ThreadVisit) async throws -> Response {
        guard let id = FileID(visit.parameters[0]), try await store.file(id).thread == visit.thread
        else { throw StoreError.notFound }
        try await store.drop(id, by: visit.agent.id)
        return .nothing
    }
}

extension Response {
    /// A file that no browser shows by itself, whatever it has in it.
    static func download(
        _ file: KeptFile, from store: any DeskStore, types: [String]
    ) -> Response {
        Response(
            status: .ok,
            headers: [
                .contentType: types.contains(file.contentType)
                    ? file.contentType : "application/octet-stream",
                .contentDisposition: file.name.asAttachment, .cacheControl: "no-store",
                .xContentTypeOptions: "nosniff",
                .contentSecurityPolicy: "sandbox; default-src 'none'",
            ],
            body: ResponseBody(contentLength: file.size) { writer in
                var number = 0
                var left = file.size
                while left > 0 {
                    let part = try await store.part(number, of: file.id)
                    // Dropped meanwhile: the connection ends, for its client still waits for the rest.
                    if part.isEmpty { throw StoreError.notFound }
                    try await writer.write(ByteBuffer(bytes: part))
                    number += 1
                    left -= part.count
                }
                try await writer.finish(nil)
            })
    }
}
