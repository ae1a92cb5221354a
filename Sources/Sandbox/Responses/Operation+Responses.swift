import Foundation
import HTTPTypes

extension Operation {
    private static let management = "/api/v2/responsemanagement"
    private static let view = ["responses:response:view"]

    /// The canned responses, and the libraries that they are in.
    static let responses = [
        Operation(
            .get, "\(management)/libraries", permissions: ["responses:library:view"]
        ) { organization, admitted throws(APIError) in
            let libraries = organization.settings.libraries.map(Reference.library)
            return .json(try Page(of: libraries, admitted))
        },
        Operation(
            .get, "\(management)/libraries/{}", permissions: ["responses:library:view"]
        ) { organization, admitted throws(APIError) in
            let id = admitted.parameters[0]
            guard let library = organization.settings.libraries.first(where: { $0.id == id })
            else { throw .notFound }
            return .json(Reference.library(library))
        },
        Operation(.get, "\(management)/responses", permissions: view) {
            organization, admitted throws(APIError) in
            guard let library = admitted.call.query("libraryId"), !library.isEmpty else {
                throw .badRequest("libraryId: missing.", field: "libraryId")
            }
            guard organization.settings.libraries.contains(where: { $0.id == library }) else {
                throw .notFound
            }
            let found = organization.responses { $0.libraries.contains(library) }
            return .json(try Page(of: found, admitted))
        },
        Operation(.post, "\(management)/responses/query", permissions: view) {
            organization, admitted throws(APIError) in
            let query = try admitted.call.body(as: ResponseQuery.self)
            let found = organization.responses(query.matches)
            return .json(
                Results(
                    results: Page(
                        of: found, size: query.pageSize, number: query.pageNumber,
                        selfUri: admitted.call.target)))
        },
        Operation(.get, "\(management)/responses/{}", permissions: view) {
            organization, admitted throws(APIError) in
            let id = admitted.parameters[0]
            guard let response = organization.responses({ $0.id == id }).first else {
                throw .notFound
            }
            return .json(response)
        },
    ]
}

extension Organization {
    fileprivate func responses(_ fits: (Sandbox.Response) -> Bool) -> [CannedResponse] {
        settings.responses.filter(fits).map { response in
            CannedResponse(
                response,
                libraries: settings.libraries.filter { response.libraries.contains($0.id) })
        }
    }
}

extension Reference {
    fileprivate static func library(_ library: Sandbox.Named) -> Reference {
        Reference(
            id: library.id, name: library.name,
            selfUri: "/api/v2/responsemanagement/libraries/\(library.id)")
    }
}

private struct Results: Encodable {
    let results: Page<CannedResponse>
}

/// A response as the API writes it, a `Response`.
private struct CannedResponse: Encodable {
    struct Text: Encodable {
        let content: String
        let contentType: String
    }

    struct Substitution: Encodable {
        let id: String
        let description: String
        let defaultValue: String?
    }

    let id: String
    let name: String
    let version = 1
    let libraries: [Reference]
    let texts: [Text]
    let substitutions: [Substitution]
    let selfUri: String

    init(_ response: Sandbox.Response, libraries: [Sandbox.Named]) {
        id = response.id
        name = response.name
        self.libraries = libraries.map(Reference.library)
        texts = [Text(content: response.text, contentType: response.contentType)]
        let names = response.text.matches(of: /\{\{([^{}]+)\}\}/).map { String($0.1) }
        substitutions = Set(names).sorted().map {
            Substitution(id: $0, description: $0, defaultValue: response.defaults[$0])
        }
        selfUri = "/api/v2/responsemanagement/responses/\(response.id)"
    }
}
