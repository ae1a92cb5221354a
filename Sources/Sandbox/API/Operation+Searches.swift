import HTTPTypes

extension Operation {
    private static let analytics = [Organization.analyticsPermission]
    /// No limit is published; this one is the strict guess.
    private static let maximumIDs = 50

    /// How a conversation is found whose id is not known.
    static let searches = [
        Operation(
            .post, "/api/v2/analytics/conversations/details/query", permissions: analytics
        ) { organization, admitted throws(APIError) in
            .json(
                organization.details(
                    try admitted.call.body(as: ConversationQuery.self), for: admitted.token))
        },
        Operation(
            .get, "/api/v2/analytics/conversations/details", permissions: analytics
        ) { organization, admitted throws(APIError) in
            guard let ids = admitted.call.query("id"), !ids.isEmpty else {
                throw .badRequest("id: missing.", field: "id")
            }
            let each = ids.split(separator: ",").map(String.init)
            guard each.count <= maximumIDs else {
                throw .badRequest("id: more than \(maximumIDs).", field: "id")
            }
            return .json(organization.details(ids: each, for: admitted.token))
        },
        Operation(
            .post, "/api/v2/conversations/participants/attributes/search",
            permissions: ["conversation:participant:attributesview"]
        ) { organization, admitted throws(APIError) in
            .json(organization.search(try admitted.call.body(as: AttributeSearchRequest.self)))
        },
    ]
}
