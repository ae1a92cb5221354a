#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// The right to use a store file, which one process has at a time, until it ends.
final class StoreLock: Sendable {
    private let descriptor: Int32

    init(on path: String) throws(OpenError) {
        let file = path + ".lock"
        descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .unusable(path: file, reason: lastProblem()) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            let reason = lastProblem()
            close(descriptor)
            throw code == EWOULDBLOCK ? .locked(path: path) : .unusable(path: file, reason: reason)
        }
    }

    deinit { close(descriptor) }

    func release() { flock(descriptor, LOCK_UN) }
}

/// Makes the file, if there is none, readable by its owner only, before SQLite would make it otherwise.
func createPrivateFile(at path: String) throws(OpenError) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .unusable(path: path, reason: lastProblem()) }
    defer { close(descriptor) }
    guard fchmod(descriptor, 0o600) == 0 else {
        throw .unusable(path: path, reason: lastProblem())
    }
}

private func lastProblem() -> String { String(cString: strerror(errno)) }
