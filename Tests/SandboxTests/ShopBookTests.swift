import Foundation
import Testing

@testable import Sandbox

@Suite("Book of the demo shop")
struct ShopBookTests {
    private func callback(_ type: String, about message: ShopMessage) throws -> ShopCallback {
        let body = """
            {"type": "\(type)", "data": {"conversation": {"key": "\(message.order.thread)"}, \
            "message": {"message_id": "\(message.id)"}}}
            """
        return ShopCallback(
            id: UUID().text, received: Date(), body: body,
            event: try #require(ShopCallback.Event(Data(body.utf8))))
    }

    @Test(arguments: [("agent.reply", ShopMessage.Status.answered), ("message.dead", .dead)])
    func aCallbackMayBeFasterThanTheAnswerToItsMessage(
        type: String, status: ShopMessage.Status
    ) throws {
        var book = ShopBook()
        let message = ShopMessage(order: ShopOrder.all[0], text: "hello", sent: Date())
        book.append(message)
        book.keep(try callback(type, about: message))
        book.set(.accepted, nil, of: message.id)
        #expect(book.message(message.id)?.status == status)
    }

    @Test func anAnswerLeavesOtherThreadsAndWhatWasNeverTaken() throws {
        var book = ShopBook()
        let orders = ShopOrder.all
        let messages = [orders[0], orders[1], orders[0]].map {
            ShopMessage(order: $0, text: "hello", sent: Date())
        }
        for message in messages {
            book.append(message)
            book.set(.accepted, nil, of: message.id)
        }
        book.set(.refused, "too long", of: messages[2].id)
        book.keep(try callback("agent.reply", about: messages[0]))
        #expect(book.messages.map(\.status) == [.answered, .accepted, .refused])
    }
}
