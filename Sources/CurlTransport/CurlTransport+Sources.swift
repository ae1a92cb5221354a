import CCurl
import Dispatch
import Glibc
import QueueExecutor

/// What libcurl waits for on a socket, one direction at a time.
struct Watch: Hashable {
    let socket: curl_socket_t
    /// `CURL_POLL_IN` or `CURL_POLL_OUT`.
    let direction: Int32
}

/// libcurl asks for a timer and for sockets to be watched; it does so from within any call to it.
extension CurlTransport {
    /// Re-arms the one timer; negative milliseconds disarm it.
    func wake(after milliseconds: Int) {
        timer.schedule(
            deadline: milliseconds < 0 ? .distantFuture : .now() + .milliseconds(milliseconds),
            leeway: .milliseconds(1))
    }

    func watch(_ socket: curl_socket_t, for interest: Int32) {
        let wanted = interest == CURL_POLL_REMOVE ? CURL_POLL_NONE : interest
        for direction in [CURL_POLL_IN, CURL_POLL_OUT] {
            let watch = Watch(socket: socket, direction: direction)
            if wanted & direction == 0 {
                sources.removeValue(forKey: watch)?.cancel()
            } else if sources[watch] == nil {
                sources[watch] = source(for: watch)
            }
        }
    }

    /// A source on a copy of the descriptor, which its cancel handler closes.
    ///
    /// What Dispatch watches must stay open until the cancel handler ran
    /// (swift-corelibs-foundation #4791). libcurl does not wait for that: its resolver's socket pair
    /// is closed past `CURLOPT_CLOSESOCKETFUNCTION`, and the next socket gets the same number. The
    /// original is therefore left to libcurl.
    private func source(for watch: Watch) -> (any DispatchSourceProtocol)? {
        let copy = fcntl(watch.socket, F_DUPFD_CLOEXEC, 0)
        // Out of descriptors: this transfer will end by its timeout, the others go on.
        guard copy >= 0 else { return nil }
        let source: any DispatchSourceProtocol =
            watch.direction == CURL_POLL_IN
            ? DispatchSource.makeReadSource(fileDescriptor: copy, queue: executor.queue)
            : DispatchSource.makeWriteSource(fileDescriptor: copy, queue: executor.queue)
        let events = watch.direction == CURL_POLL_IN ? CURL_CSELECT_IN : CURL_CSELECT_OUT
        source.setEventHandler {
            self.assumeIsolated { $0.act(on: watch.socket, events) }
        }
        source.setCancelHandler {
            close(copy)
            self.assumeIsolated { $0.descriptorClosed() }
        }
        watchedDescriptors += 1
        source.activate()
        return source
    }

    func cancelSources() {
        for source in sources.values { source.cancel() }
        sources = [:]
    }

    func nothingWatched() async {
        guard watchedDescriptors > 0 else { return }
        await withCheckedContinuation { onNothingWatched = $0 }
    }

    private func descriptorClosed() {
        watchedDescriptors -= 1
        if watchedDescriptors == 0 {
            onNothingWatched?.resume()
            onNothingWatched = nil
        }
    }
}
