import Listener
import Outbox
import Testing

@Suite struct ThreadRuleTests {
    private let customer = Customer(id: "9", email: "Zoe@Example.com")

    @Test(arguments: [
        (ThreadRule.order, "order:9"), (.customer, "customer:9"), (.message, "message:m"),
    ])
    func theRuleDecides(rule: ThreadRule, key: String) {
        let message = Message(
            body: "x", customer: customer, order: Order(id: "9", number: "#9"))
        #expect(rule.thread(of: message, unique: "m") == ThreadKey(key))
    }

    @Test func whatIsThereDecidesFurther() {
        var message = Message(body: "x", customer: customer, order: Order(number: "#9"))
        #expect(ThreadRule.order.thread(of: message, unique: "m") == ThreadKey("number:#9"))
        message.order = nil
        #expect(ThreadRule.order.thread(of: message, unique: "m") == ThreadKey("customer:9"))
        message.customer.id = nil
        #expect(
            ThreadRule.order.thread(of: message, unique: "m") == ThreadKey("email:zoe@example.com"))
    }

    /// The lower case of a KELVIN SIGN is the k of everybody's address.
    @Test func noOtherAddressMeetsTheirs() {
        let other = Message(body: "x", customer: Customer(email: "mi\u{212A}E@example.com"))
        #expect(
            ThreadRule.order.thread(of: other, unique: "m").description
                == "email:mi\u{212A}e@example.com")
        #expect(other.customer.key?.utf8.count == "mike@example.com".utf8.count + 2)
    }

    @Test(arguments: [
        ("thread-31", "thread-31"), ("order:9", "key:order:9"), ("key:order:9", "key:key:order:9"),
        ("email:zoe@example.com", "key:email:zoe@example.com"), ("orders", "orders"),
    ])
    func theShopsOwnKeyMeetsNoOther(given: String, key: String) {
        let message = Message(body: "x", customer: customer, conversationKey: given)
        for rule in ThreadRule.allCases {
            #expect(rule.thread(of: message, unique: "m") == ThreadKey(key))
        }
    }
}
