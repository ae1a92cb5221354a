import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket
import Outbox
import Sandbox
import Testing

@testable import GenesysCloud

@Suite(.timeLimit(.minutes(15)))
struct WebSocketTests {
    @Test func hearsWhatTheServerSaysAndItsAnswersToPings() async throws {
        try await Peer.with { peer in
            let connection = try await WebSocket(proxies: .none).connect(to: peer.uri("/c?x=1"))
            var frames = connection.frames.makeAsyncIterator()
            #expect(await frames.next() == .text(Array("/c?x=1".utf8)))
            connection.ping()
            #expect(await frames.next() == .pong)
            connection.close()
            #expect(await frames.next() == nil)
        }
    }

    @Test func putsTogetherWhatComesInFragments() async throws {
        try await Peer.with { peer in
            let connection = try await WebSocket(proxies: .none).connect(to: peer.uri("/fragments"))
            var frames = connection.frames.makeAsyncIterator()
            #expect(await frames.next() == .text(Array("/fragments".utf8)))
            #expect(await frames.next() == .text(Array("one message".utf8)))
        }
    }

    @Test(arguments: ["/oversized", "/goodbye", "/reset"])
    func endsWithTheConnection(target: String) async throws {
        try await Peer.with { peer in
            let connection = try await WebSocket(proxies: .none).connect(to: peer.uri(target))
            var frames = connection.frames.makeAsyncIterator()
            while await frames.next() != nil {}
        }
    }

    @Test func saysThatAnAddressTakesNoWebsocket() async throws {
        try await withSandbox { sandbox in
            let uri = "ws://127.0.0.1:\(sandbox.notificationsPort)/channels/none"
            await #expect(throws: FeedError("the channel's address takes no websocket")) {
                try await WebSocket(proxies: .none).connect(to: uri)
            }
        }
    }

    @Test func namesTheHostThatCannotBeReached() async throws {
        // A port that was free a moment ago may be another test's by now; nobody is given this one.
        let error = await #expect(throws: FeedError.self) {
            try await WebSocket(proxies: .none).connect(to: "ws://127.0.0.1:1/")
        }
        #expect(error?.reason.contains("127.0.0.1:1") == true)
    }

    @Test func speaksTLSWithAServerItTrusts() async throws {
        try await Peer.with(.tls) { peer in
            let roots = try NIOSSLTrustRoots.certificates(Peer.certificates())
            let connection = try await WebSocket(proxies: .none, roots: roots).connect(
                to: peer.uri("/"))
            var frames = connection.frames.makeAsyncIterator()
            #expect(await frames.next() == .text(Array("/".utf8)))
        }
    }

    @Test func trustsNoServerOfAnUnknownAuthority() async throws {
        try await Peer.with(.tls) { peer in
            let error = await #expect(throws: FeedError.self) {
                try await WebSocket(proxies: .none).connect(to: peer.uri("/"))
            }
            #expect(error?.reason.contains("CERTIFICATE_VERIFY_FAILED") == true)
        }
    }

    @Test(arguments: [Peer.Kind.plain, .tls])
    func goesThroughAProxyThatItAsksToConnect(kind: Peer.Kind) async throws {
        try await Peer.with(kind) { peer in
            try await Peer.with(.proxy(to: peer.port)) { proxy in
                let variable = kind == .tls ? "https_proxy" : "http_proxy"
                let proxies = ProxyRules([variable: "http://me:secret@127.0.0.1:\(proxy.port)"])
                let roots = try NIOSSLTrustRoots.certificates(Peer.certificates())
                let uri = peer.uri("/through", host: "localhost")
                let connection = try await WebSocket(proxies: proxies, roots: roots).connect(
                    to: uri)
                var frames = connection.frames.makeAsyncIterator()
                #expect(await frames.next() == .text(Array("/through".utf8)))
                #expect(proxy.asked() == ["localhost:\(peer.port) Basic bWU6c2VjcmV0"])
            }
        }
    }

    @Test func saysThatAProxyRefuses() async throws {
        try await Peer.with(.proxy(to: nil)) { proxy in
            let proxies = ProxyRules(["http_proxy": "127.0.0.1:\(proxy.port)"])
            let error = await #expect(throws: FeedError.self) {
                try await WebSocket(proxies: proxies).connect(to: "ws://streaming.example/")
            }
            #expect(error?.reason.contains("through 127.0.0.1:\(proxy.port)") == true)
        }
    }
}
