import Foundation

extension Call {
    /// The body as JSON of that type; what does not fit is a 400 that names the member.
    func body<Body: Decodable>(
        as type: Body.Type, passingUnknownMembers: Bool = false
    ) throws(APIError) -> Body {
        guard hasContentType("application/json") else { throw .unsupportedMediaType }
        return try type.read(body, passingUnknownMembers: passingUnknownMembers)
    }
}

extension Decodable {
    static func read(_ body: Data, passingUnknownMembers: Bool) throws(APIError) -> Self {
        do {
            let decoder = JSONDecoder()
            decoder.userInfo[.passesUnknownMembers] = passingUnknownMembers
            return try decoder.decode(Self.self, from: body)
        } catch let error as APIError {
            throw error
        } catch let error as DecodingError where !error.field.isEmpty {
            throw .badRequest("\(error.field): \(error.reason).", field: error.field)
        } catch {
            throw .badRequest()
        }
    }
}
