/// An order of the demo shop, with the customer who writes about it.
struct ShopOrder: Encodable, Sendable {
    struct Item: Encodable, Sendable {
        let sku: String
        let name: String
        let quantity: Int
        let price: String
    }

    struct Customer: Encodable, Sendable {
        let id: String
        let name: String
        let email: String
        let locale: String
    }

    let id: String
    let number: String
    let status: String
    let fulfillment_status: String
    let total: String
    let currency = "EUR"
    let created_at: String
    let items: [Item]
    let customer: Customer

    /// The key of the thread about it.
    var thread: String {
        "order-\(id)"
    }

    static let all = [
        ShopOrder(
            id: "1042", number: "#1042", status: "paid", fulfillment_status: "shipped",
            total: "84.90", created_at: "2026-11-02T09:14:00Z",
            items: [
                Item(sku: "TEA-GRN-250", name: "Green tea, 250 g", quantity: 2, price: "12.95"),
                Item(sku: "POT-CAST-1", name: "Cast-iron teapot", quantity: 1, price: "59.00"),
            ],
            customer: Customer(
                id: "c-201", name: "Jane Roe", email: "jane.roe@example.com", locale: "en-GB")),
        ShopOrder(
            id: "1043", number: "#1043", status: "paid", fulfillment_status: "pending",
            total: "129.00", created_at: "2026-11-12T17:40:00Z",
            items: [
                Item(sku: "LAMP-DESK-B", name: "Desk lamp, black", quantity: 1, price: "129.00")
            ],
            customer: Customer(
                id: "c-202", name: "Zoë Müller", email: "zoe.mueller@example.com",
                locale: "de-DE")),
        ShopOrder(
            id: "1044", number: "#1044", status: "refunded", fulfillment_status: "returned",
            total: "39.50", created_at: "2026-10-21T12:05:00Z",
            items: [
                Item(sku: "SOCK-WOOL-M", name: "Wool socks, M", quantity: 3, price: "9.50"),
                Item(sku: "CARD-GIFT", name: "Gift card", quantity: 1, price: "11.00"),
            ],
            customer: Customer(
                id: "c-203", name: "Omar Haddad", email: "omar.haddad@example.com",
                locale: "fr-FR")),
    ]
}
