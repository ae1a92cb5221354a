import ExactJSON
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// The manners of one HTTP/1 connection: versions, `Expect`, deadlines, and an orderly end.
///
/// Stands between the HTTP/1 codec and the application, and translates between their types. Answers by
/// itself only where the application cannot: a client that is too slow.
final class HTTPConnection: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// Why the body of a request will never be whole.
    enum Failure: Error {
        case tooSlow
    }

    private enum Phase {
        /// No request is being read; bytes may have made half a head.
        case betweenRequests
        case body
        /// The last request is read: what still comes is passed over, answers are still owed.
        case noMore
        /// The last answer is written.
        case finished
    }

    private let limits: ConnectionLimits
    private var context: ChannelHandlerContext?
    private var phase = Phase.betweenRequests
    /// Requests without an end of their answer, in their order: the first is being answered.
    private var exchanges: CircularBuffer<Exchange> = []
    private var hasReadPart = false
    private var isDraining = false
    private var closesAfterAnswer = false
    private var deadline: Scheduled<Void>?
    private var idleCheck: Scheduled<Void>?
    private var lastActivity = NIODeadline.uptimeNanoseconds(0)

    init(limits: ConnectionLimits) {
        self.limits = limits
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        lastActivity = context.eventLoop.now
        setIdleCheck(in: limits.idle, context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
        idleCheck?.cancel()
        self.context = nil
    }

    // MARK: Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        hasReadPart = true
        guard phase == .betweenRequests || phase == .body else { return }
        switch unwrapInboundIn(data) {
        case .head(let head): begin(head, context)
        case .body(let bytes): context.fireChannelRead(wrapInboundOut(.body(bytes)))
        case .end: end(context)
        }
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        clearDeadline()
        let exchange = Exchange(head, maxBody: limits.maxBody)
        phase = .body
        exchanges.append(exchange)
        do {
            context.fireChannelRead(wrapInboundOut(.head(try HTTPRequest(head, exchange))))
        } catch {
            context.fireErrorCaught(HTTPParserError.invalidMethod)
        }
    }

    private func end(_ context: ChannelHandlerContext) {
        clearDeadline()
        let newest = exchanges.index(before: exchanges.endIndex)
        exchanges[newest].hasWholeRequest = true
        phase = exchanges[newest].isLast ? .noMore : .betweenRequests
        context.fireChannelRead(wrapInboundOut(.end(nil)))
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if phase == .body, deadline == nil, let newest = exchanges.last {
            setDeadline(limits.body(of: newest.length), context)
        }
        sendContinue(context)
        context.fireChannelReadComplete()
    }

    /// The first bytes of a head start its time; a head that is whole with them needs none.
    func hasReadBytes() {
        guard let context else { return }
        lastActivity = context.eventLoop.now
        if phase == .betweenRequests, !hasReadPart, deadline == nil {
            setDeadline(limits.head, context)
        }
        hasReadPart = false
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard phase == .betweenRequests || phase == .body else { return }
        clearDeadline()
        if exchanges.isEmpty, let error = error as? HTTPParserError {
            refuse(error == .headerOverflow ? .requestHeaderFieldsTooLarge : .badRequest, context)
        }
        context.fireErrorCaught(error)
    }

    // MARK: Answers

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard phase != .finished else {
            promise?.fail(ChannelError.outputClosed)
            return
        }
        lastActivity = context.eventLoop.now
        switch unwrapOutboundIn(data) {
        case .head(let response):
            context.write(wrapOutboundOut(.head(head(response))), promise: promise)
        case .body(let bytes):
            context.write(wrapOutboundOut(.body(.byteBuffer(bytes))), promise: promise)
        case .end:
            context.write(wrapOutboundOut(.end(nil)), promise: promise)
            if !exchanges.isEmpty { exchanges.removeFirst() }
            if closesAfterAnswer || exchanges.isEmpty && (isDraining || phase == .noMore) {
                finish(context)
            } else {
                sendContinue(context)
            }
        }
    }

    private func head(_ response: HTTPResponse) -> HTTPResponseHead {
        var head = HTTPResponseHead(response)
        // A request that is not whole by now would have to be read to its end, however long.
        let exchange = exchanges.first
        closesAfterAnswer =
            isDraining && exchanges.count <= 1
            || exchange.map { $0.isLast || !$0.hasWholeRequest } ?? true
            || response.headerFields[.connection]?.lowercased() == "close"
        if closesAfterAnswer { head.headers.replaceOrAdd(name: "connection", value: "close") }
        if exchange?.isHTTP10 == true { head.version = .http1_0 }
        if exchange != nil { exchanges[exchanges.startIndex].hasAnswer = true }
        return head
    }

    private func sendContinue(_ context: ChannelHandlerContext) {
        guard exchanges.count == 1, let exchange = exchanges.first, exchange.awaitsContinue else {
            return
        }
        exchanges[exchanges.startIndex].awaitsContinue = false
        guard !exchange.hasWholeRequest else { return }
        let head = HTTPResponseHead(version: .http1_1, status: .continue)
        context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
    }

    // MARK: The end

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent: drain(context)
        case ChannelEvent.inputClosed where phase == .finished: context.close(promise: nil)
        case ChannelEvent.inputClosed where phase == .betweenRequests && !exchanges.isEmpty:
            phase = .noMore
            context.fireUserInboundEventTriggered(event)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard mode == .output else {
            context.close(mode: mode, promise: promise)
            return
        }
        promise?.succeed()
        finish(context)
    }

    private func drain(_ context: ChannelHandlerContext) {
        isDraining = true
        guard !exchanges.isEmpty, phase != .finished else {
            context.close(promise: nil)
            return
        }
        context.eventLoop.assumeIsolated().scheduleTask(in: limits.drain) {
            self.context?.close(promise: nil)
        }
    }

    /// Sends what is written and no more, and leaves the client a moment to read it: closing at
    /// once, with bytes of the client's unread, could take the answer away again.
    private func finish(_ context: ChannelHandlerContext) {
        guard phase != .finished else { return }
        phase = .finished
        clearDeadline()
        context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        // Nothing, written behind everything: done when all of that is on its way.
        let nothing = IOData.byteBuffer(context.channel.allocator.buffer(capacity: 0))
        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.assumeIsolated().whenSuccess {
            self.setDeadline(self.limits.linger, context)
            context.close(mode: .output, promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.body(nothing)), promise: sent)
    }

    /// Answers in the application's place.
    private func refuse(_ status: HTTPResponseStatus, _ context: ChannelHandlerContext) {
        let problem = Problem(
            HTTPResponse.Status(code: Int(status.code), reasonPhrase: status.reasonPhrase))
        let body = context.channel.allocator.buffer(bytes: problem.json.bytes)
        let head = HTTPResponseHead(
            version: .http1_1, status: status,
            headers: [
                "content-type": Problem.mediaType, "content-length": "\(body.readableBytes)",
                "connection": "close",
            ])
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        context.write(wrapOutboundOut(.end(nil)), promise: nil)
        finish(context)
    }

    // MARK: Deadlines

    private func setDeadline(_ time: TimeAmount, _ context: ChannelHandlerContext) {
        clearDeadline()
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: time) {
            self.deadline = nil
            self.deadlinePassed()
        }
    }

    private func clearDeadline() {
        deadline?.cancel()
        deadline = nil
    }

    private func setIdleCheck(in time: TimeAmount, _ context: ChannelHandlerContext) {
        idleCheck = context.eventLoop.assumeIsolated().scheduleTask(in: time) { self.checkIdle() }
    }

    private func checkIdle() {
        guard let context else { return }
        // An answer may take its time, while the client only waits for it.
        let isWorking = exchanges.first.map { $0.hasWholeRequest && !$0.hasAnswer } ?? false
        let quiet = isWorking ? .zero : context.eventLoop.now - lastActivity
        if quiet >= limits.idle {
            context.close(promise: nil)
        } else {
            setIdleCheck(in: limits.idle - quiet, context)
        }
    }

    private func deadlinePassed() {
        guard let context else { return }
        switch phase {
        case .finished: context.close(promise: nil)
        case .betweenRequests where exchanges.isEmpty: refuse(.requestTimeout, context)
        case .body where exchanges.count == 1 && exchanges.first?.hasAnswer == false:
            context.fireErrorCaught(Failure.tooSlow)
            refuse(.requestTimeout, context)
        default:
            // Answers are owed to earlier requests, which a 408 must not overtake.
            context.fireErrorCaught(Failure.tooSlow)
            context.close(promise: nil)
        }
    }
}

@available(*, unavailable)
extension HTTPConnection: Sendable {}
