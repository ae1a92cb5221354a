import Foundation
import HTTPTypes

/// The demo shop over HTTP, at `/shop`.
extension Shop {
    func answer(_ call: Call) async throws -> Answer {
        guard call.body.count <= Call.maximumBody else {
            return .problem(413, "the body is longer than \(Call.maximumBody) bytes")
        }
        switch (call.method, call.path) {
        case (.get, "/shop"), (.get, "/shop/"):
            return .page(ShopPage.html, "text/html")
        case (.get, "/shop/style.css"):
            return .page(ShopPage.style, "text/css")
        case (.get, "/shop/script.js"):
            return .page(ShopPage.script, "text/javascript")
        case (.get, "/shop/state"):
            return .json(ShopState(await organization.shop, link))
        case (.post, "/shop/messages"):
            return await write(call)
        case (.post, "/shop/callback"):
            return try await receive(call)
        case (.get, "/shop/callbacks"):
            return await callbacks()
        case (.get, "/shop/behaviour"):
            return await behaviours()
        case (.post, "/shop/behaviour"):
            return await plan(call)
        case (.delete, "/shop/behaviour"):
            await organization.changeShop { $0.behaviours = [] }
            return await behaviours()
        case (.post, let path) where path.hasPrefix("/shop/messages/"):
            return await resend(call)
        default:
            return .problem(404, "no \(call.method) \(call.path) in the shop")
        }
    }

    private func write(_ call: Call) async -> Answer {
        guard call.hasContentType("application/json"),
            let written = try? JSONDecoder().decode(Written.self, from: call.body),
            let order = ShopOrder.all.first(where: { $0.id == written.order })
        else { return .problem(400, "order and text: one of the shop's orders, and a text") }
        let text = written.text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !text.isEmpty else { return .problem(400, "text: nothing in it") }
        return posted(await link == nil ? nil : write(text, about: order))
    }

    /// `/shop/messages/{id}/resend`.
    private func resend(_ call: Call) async -> Answer {
        let segments = call.path.split(separator: "/")
        guard segments.count == 4, segments[3] == "resend",
            let message = await organization.shop.message(String(segments[2]))
        else { return .problem(404, "no such message") }
        guard message.status == .unsent else {
            return .problem(409, "it is \(message.status.rawValue)")
        }
        return posted(await post(message))
    }

    private func posted(_ message: ShopMessage?) -> Answer {
        guard let message else {
            return .problem(503, "the sandbox was started without --shop-bridge")
        }
        return .json(ShopState.Line(message))
    }

    /// A callback of the bridge: checked, answered as planned, and kept once.
    private func receive(_ call: Call) async throws -> Answer {
        guard let link else {
            return .problem(503, "the sandbox was started without --shop-secret")
        }
        let now = organization.options.now()
        guard let id = link.callbackSecret.verifiedID(of: call, at: now) else {
            return .problem(401, "no signature of this shop's secret, or not of now")
        }
        guard let event = ShopCallback.Event(call.body) else {
            return .problem(400, "the body is no JSON object with a type")
        }
        let callback = ShopCallback(
            id: id, received: now, body: String(decoding: call.body, as: UTF8.self),
            event: event)
        let behaviour = await organization.changeShop { shop in
            shop.countAttempt(id)
            let behaviour = shop.takeBehaviour()
            if behaviour.applied {
                shop.keep(callback)
            }
            return behaviour
        }
        if behaviour.delay > 0 {
            try await Task.sleep(for: .milliseconds(behaviour.delay))
        }
        return behaviour.answer
    }

    /// The bodies stand in it byte by byte as they came.
    private func callbacks() async -> Answer {
        let shop = await organization.shop
        let all = shop.callbacks.map { callback in
            let about = Answer.json(
                About(
                    webhook_id: callback.id, type: callback.event.type,
                    received_at: callback.received.apiText,
                    attempts: shop.attempts[callback.id] ?? 0))
            let members = String(decoding: about.body.dropLast(), as: UTF8.self)
            return "\(members),\"body\":\(callback.body)}"
        }
        let body = "{\"callbacks\":[\(all.joined(separator: ","))]}"
        return Answer(type: "application/json", body: Data(body.utf8))
    }

    private func plan(_ call: Call) async -> Answer {
        do {
            let behaviour = try Sandbox.ShopBehaviour.read(call.body)
            await organization.changeShop { $0.behaviours.append(behaviour) }
            return await behaviours()
        } catch let error as DecodingError {
            return .problem(400, "\(error.field): \(error.reason)")
        } catch {
            return .problem(400, "the body is no JSON object")
        }
    }

    private func behaviours() async -> Answer {
        .json(["behaviours": await organization.shop.behaviours])
    }

    private struct Written: Decodable {
        let order: String
        let text: String
    }

    private struct About: Encodable {
        let webhook_id: String
        let type: String
        let received_at: String
        let attempts: Int
    }
}

extension Answer {
    /// A part of the shop's page, which loads nothing from elsewhere.
    fileprivate static func page(_ text: String, _ type: String) -> Answer {
        var answer = Answer(type: "\(type); charset=utf-8", body: Data(text.utf8))
        answer.headers[.contentSecurityPolicy] =
            "default-src 'none'; img-src data:; script-src 'self'; style-src 'self'; "
            + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        answer.headers[.cacheControl] = "no-store"
        return answer
    }

    fileprivate static func problem(_ status: Int, _ detail: String) -> Answer {
        let body = Answer.json(["detail": detail]).body
        return Answer(
            status: .init(code: status), type: "application/problem+json", body: body)
    }
}
