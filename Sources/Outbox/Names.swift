/// A text that stands for something; two are the same if their bytes are, as in the store.
///
/// Swift holds two ways to write an `é` for equal.
public protocol Name: Hashable, Sendable, CustomStringConvertible {}

extension Name {
    public static func == (left: Self, right: Self) -> Bool {
        left.description.hasBytes(of: right.description)
    }

    public func hash(into hasher: inout Hasher) {
        var text = description
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}

extension String {
    package func hasBytes(of other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}

/// A shop as the settings name it (`shops.<name>`).
///
/// Threads, messages, idempotency keys and credentials belong to one shop and are unseen by any other.
public struct ShopName: Name {
    public let description: String
    public init(_ name: String) { description = name }
}

/// Where entries are delivered to: Genesys Cloud, or one shop's callback.
public struct DestinationName: Name {
    public let description: String
    public init(_ name: String) { description = name }

    public static let genesys = DestinationName("genesys")

    /// A shop's callback.
    public static func callback(of shop: ShopName) -> DestinationName {
        DestinationName("shop:\(shop)")
    }
}

/// A way into a destination that can be stopped by itself, as the settings name it (`routes.<name>`).
public struct RouteName: Name {
    public let description: String
    public init(_ name: String) { description = name }

    public static let `default` = RouteName("default")
}

/// A route and the destination it leads to.
public struct Route: Hashable, Sendable {
    public var name: RouteName
    public var destination: DestinationName

    public init(_ name: RouteName, to destination: DestinationName = .genesys) {
        self.name = name
        self.destination = destination
    }

    /// The only way to a shop's callback; it bears the destination's name, so that none of the settings does.
    public static func callback(of shop: ShopName) -> Route {
        let destination = DestinationName.callback(of: shop)
        return Route(RouteName(destination.description), to: destination)
    }
}

/// A conversation with a customer as the shop knows it: unique within its shop.
public struct ThreadKey: Name {
    public let description: String
    public init(_ key: String) { description = key }
}

/// What makes a repeated post recognisable, unique within its shop.
public struct IdempotencyKey: Name {
    public let description: String
    public init(_ key: String) { description = key }
}
