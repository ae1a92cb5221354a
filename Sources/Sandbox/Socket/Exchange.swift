import Foundation
import HTTPTypes
import HummingbirdCore
import NIOCore

/// One request on one connection, from its head to its answer or to the fault that strikes it.
struct Exchange: Sendable {
    let organization: Organization
    let connection: Connection

    func respond(to request: Request, _ writer: consuming ResponseWriter) async throws {
        if request.headers[.expect] == "100-continue" {
            try await writer.writeInformationalHead(HTTPResponse(status: .continue))
        }
        let call = try await read(request)
        let answer: Answer
        if call.path == "/" || call.path.hasPrefix("/sandbox") {
            connection.socket.connections.markControlling(connection.number)
            let control = Control(organization: organization, socket: connection.socket)
            answer = await control.answer(call)
        } else if call.path == "/shop" || call.path.hasPrefix("/shop/") {
            connection.socket.connections.markControlling(connection.number)
            answer = try await Shop(organization: organization).answer(call)
        } else if call.path == "/desk" || call.path.hasPrefix("/desk/") {
            connection.socket.connections.markControlling(connection.number)
            answer = await AgentDesk(organization: organization).answer(call)
        } else {
            answer = try await self.answer(call)
        }
        try await writer.write(
            response: HTTPResponse(status: answer.status, headerFields: answer.headers),
            body: ResponseBody(
                byteBuffer: ByteBuffer(bytes: call.method == .head ? Data() : answer.body)))
    }

    /// Reads to the end, and keeps just enough to see that a body is too large.
    private func read(_ request: Request) async throws -> Call {
        var body = Data()
        for try await part in request.body where body.count <= Call.maximumBody {
            body.append(contentsOf: part.readableBytesView)
        }
        return Call(
            method: request.method, target: request.uri.string, headers: request.headers,
            body: body, connection: connection.number, host: request.head.authority)
    }

    private func answer(_ call: Call) async throws -> Answer {
        switch await organization.receive(call) {
        case .answered(let answer):
            return answer
        case .struck(let fault, let number, let applied):
            try await strike(fault, number: number, applied: applied)
            let answer: Answer
            if let applied {
                answer = applied
            } else {
                answer = await organization.apply(call, number: number)
            }
            await organization.sent(answer, number: number)
            return answer
        }
    }

    /// Returns if the call is still to be answered.
    private func strike(_ fault: Sandbox.Fault, number: Int, applied: Answer?) async throws {
        switch fault.action {
        case .status, .expireToken:
            break
        case .slow:
            try await Task.sleep(for: fault.time ?? .seconds(1))
        case .refuse:
            await connection.socket.refuse(for: fault.time)
            if fault.resetsConnections {
                connection.socket.connections.reset()
                throw Connection.Ended()
            }
        case .hold:
            let released = await organization.hold(number, on: connection.channel.eventLoop)
            connection.channel.closeFuture.whenComplete { _ in
                Task { await organization.leave(number) }
            }
            guard try await released.get() else { throw Connection.Ended() }
        case .stall:
            try await connection.stall(for: fault.time)
        case .reset:
            try await connection.end(.reset)
        case .garbage:
            try await connection.end(.cut(Data("\u{1}\u{2} no HTTP\r\n\r\n{{{".utf8)))
        case .half:
            let answer = applied ?? .json(Reference(id: UUID().text))
            await organization.sent(answer, number: number)
            let bytes = answer.bytes
            // Of an answer without a body, half of the head.
            let cut = answer.body.isEmpty ? bytes.count / 2 : (answer.body.count + 1) / 2
            try await connection.end(.cut(bytes.dropLast(cut)))
        }
    }
}
