/// The order a message is about, its amounts in the shop's own text.
public struct Order: Sendable, Equatable {
    public struct Item: Sendable, Equatable {
        public var sku: String?
        public var name: String?
        public var quantity: String?
        public var price: String?

        public init(
            sku: String? = nil, name: String? = nil, quantity: String? = nil, price: String? = nil
        ) {
            self.sku = sku
            self.name = name
            self.quantity = quantity
            self.price = price
        }
    }

    public var id: String?
    /// The number the customer knows, such as `#9999`.
    public var number: String?
    public var status: String?
    public var fulfillmentStatus: String?
    public var currency: String?
    public var total: String?
    /// RFC 3339, as the shop wrote it.
    public var createdAt: String?
    public var url: String?
    public var itemCount: String?
    public var items: [Item]

    public init(
        id: String? = nil, number: String? = nil, status: String? = nil,
        fulfillmentStatus: String? = nil, currency: String? = nil, total: String? = nil,
        createdAt: String? = nil, url: String? = nil, itemCount: String? = nil, items: [Item] = []
    ) {
        self.id = id
        self.number = number
        self.status = status
        self.fulfillmentStatus = fulfillmentStatus
        self.currency = currency
        self.total = total
        self.createdAt = createdAt
        self.url = url
        self.itemCount = itemCount
        self.items = items
    }
}
