/// Where an organisation's Genesys Cloud answers.
public struct Endpoints: Sendable, Equatable {
    /// Of the OAuth service, without a trailing slash.
    public var login: String
    /// Of the Platform API, without a trailing slash.
    public var api: String

    public init(login: String, api: String) {
        self.login = login
        self.api = api
    }

    /// - Parameter region: the domain of the region, such as `mypurecloud.de` or `usw2.pure.cloud`; new
    ///   ones need no new release.
    public init(region: String) {
        self.init(login: "https://login.\(region)", api: "https://api.\(region)")
    }
}
