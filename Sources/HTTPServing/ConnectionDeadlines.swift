import NIOCore

/// Closes connections whose client does not do its part: none stays open for nothing. Between requests Hummingbird's idle timeout does that.
///
/// Stands behind the HTTP codec: what it reads are parts of requests, not bytes, so that a head that drips in does not count.
final class ConnectionDeadlines: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny
    typealias InboundOut = NIOAny
    typealias OutboundIn = NIOAny
    typealias OutboundOut = NIOAny

    /// Triggered on a channel whose next response is its last: what the client still sends is not read.
    struct LastResponse: Sendable {}

    private var firstRequest: Scheduled<Void>?
    private var reading: Scheduled<Void>?
    private var lingering: Scheduled<Void>?
    private var isEnding = false

    func handlerAdded(context: ChannelHandlerContext) {
        self.firstRequest = Self.close(context, in: ServingSettings.firstRequestDeadline)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.firstRequest?.cancel()
        self.reading?.cancel()
        self.lingering?.cancel()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.firstRequest?.cancel()
        self.firstRequest = nil
        guard !self.isEnding else { return }
        context.fireChannelRead(data)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        self.reading?.cancel()
        self.reading = context.channel.isWritable ? nil : Self.close(context, in: ServingSettings.readingDeadline)
        context.fireChannelWritabilityChanged()
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard event is LastResponse else { return context.triggerUserOutboundEvent(event, promise: promise) }
        self.isEnding = true
        promise?.succeed()
    }

    /// Closed at once, a connection with unread bytes is reset, and the client loses the answer.
    func flush(context: ChannelHandlerContext) {
        context.flush()
        if self.isEnding, self.lingering == nil { self.lingering = Self.close(context, in: ServingSettings.lingering) }
    }

    private static func close(_ context: ChannelHandlerContext, in delay: Duration) -> Scheduled<Void> {
        let channel = context.channel
        return channel.eventLoop.scheduleTask(in: TimeAmount(delay)) { channel.close(promise: nil) }
    }
}
