public import CurlTransport

/// Where a shop's callback is, and which addresses its host may turn out to have.
///
/// A name may be made to point anywhere, so a connection into a private network needs somebody who meant it:
/// the settings name the network, or the URL that very address, or `localhost`.
public struct CallbackAddress: Sendable {
    /// Absolute, `http` or `https`.
    public let url: String
    /// As the URL has it, without brackets.
    private let host: String
    private let privateNetworks: [IPNetwork]

    public init(url: String, host: String, privateNetworks: [IPNetwork] = []) {
        self.url = url
        self.host = host.lowercased()
        self.privateNetworks = privateNetworks
    }

    /// Why no connection may be made there, with what to do; `nil` where one may.
    ///
    /// Behind a proxy it is the proxy's address, and the proxy decides for itself where it goes.
    public func refusal(of address: IPAddress) -> String? {
        let isMeant =
            address == IPAddress(host) || host == "localhost" && address.isLoopback
            || privateNetworks.contains { $0.contains(address) }
        guard !isMeant, !address.isPublic else { return nil }
        return "\(address) is no public address: if that is meant, name its network in "
            + "callback.privateNetworks"
    }
}
