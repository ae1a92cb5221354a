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

    // MARK: Mark

    /// The newest change as of the last claim, kept outside the store: a copy of the store from a backup
    /// knows only of older ones.
    ///
    /// It is not waited for on its way to the disk. A power cut may lose it, and with it no more than the
    /// warning.
    func keepMark(_ change: Int64) {
        let digits = String(change)
        var line = String(repeating: "0", count: Self.markLength - digits.count) + digits + "\n"
        _ = line.withUTF8 { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }

    /// Zero where there is none.
    var mark: Int64 {
        var line = [UInt8](repeating: 0, count: Self.markLength)
        let count = pread(descriptor, &line, line.count, 0)
        return Int64(String(decoding: line.prefix(max(0, count)), as: UTF8.self)) ?? 0
    }

    /// As many digits as the greatest number has.
    private static let markLength = 19

    // MARK: Disk

    /// What is left for us on the disk where the store is; `nil` if that cannot be told.
    var freeBytes: Int? {
        var figures = statvfs()
        guard fstatvfs(descriptor, &figures) == 0 else { return nil }
        return Int(clamping: UInt64(figures.f_bavail) * UInt64(figures.f_frsize))
    }
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
