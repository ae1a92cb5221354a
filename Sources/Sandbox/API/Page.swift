/// A page of an `…EntityListing`.
struct Page<Entity: Encodable>: Encodable {
    let entities: [Entity]
    let pageSize: Int
    let pageNumber: Int
    let total: Int
    let pageCount: Int
    let selfUri: String

    init(of all: [Entity], size: Int, number: Int, selfUri: String) {
        entities = Array(all.dropFirst((number - 1) * size).prefix(size))
        pageSize = size
        pageNumber = number
        total = all.count
        pageCount = max(1, (all.count + size - 1) / size)
        self.selfUri = selfUri
    }

    /// The page that the query of the call asks for, of 25 unless it says otherwise.
    init(of all: [Entity], _ admitted: AdmittedCall) throws(APIError) {
        func number(_ name: String, or fallback: Int, upTo maximum: Int) throws(APIError) -> Int {
            guard let text = admitted.call.query(name) else { return fallback }
            guard let number = Int(text), (1...maximum).contains(number) else {
                throw .badRequest("\(name): from 1 to \(maximum).", field: name)
            }
            return number
        }
        self.init(
            of: all, size: try number("pageSize", or: 25, upTo: 100),
            number: try number("pageNumber", or: 1, upTo: 1000), selfUri: admitted.call.target)
    }
}
