import Foundation

/// `/sandbox/feed`.
extension Control {
    func changeFeed(_ call: Call) async throws -> Answer {
        let change = try call.control(FeedChange.self)
        if change.cut {
            await organization.cutFeed()
        }
        var faults = await organization.feedFaults
        faults.silent = change.silent ?? faults.silent
        faults.drop = change.drop ?? faults.drop
        await organization.change(faults)
        return await feed()
    }

    func feed() async -> Answer {
        let channels = await organization.channels.all
        let faults = await organization.feedFaults
        return .json(
            FeedState(
                channels: channels.count,
                connections: channels.filter { $0.connection != nil }.count,
                silent: faults.silent, drop: faults.drop))
    }
}

private struct FeedChange: Decodable {
    let cut: Bool
    let silent: Bool?
    let drop: Int?

    private enum CodingKeys: String, CodingKey {
        case cut, silent, drop
    }

    init(from decoder: any Decoder) throws {
        let object = try decoder.closedObject(CodingKeys.self)
        cut = try object.decodeIfPresent(Bool.self, forKey: .cut) ?? false
        silent = try object.decodeIfPresent(Bool.self, forKey: .silent)
        drop = try object.decodeIfPresent(Int.self, forKey: .drop)
        guard drop ?? 0 >= 0 else {
            throw DecodingError.dataCorruptedError(
                forKey: .drop, in: object, debugDescription: "from 0")
        }
    }
}

private struct FeedState: Encodable {
    let channels: Int
    let connections: Int
    let silent: Bool
    let drop: Int
}
