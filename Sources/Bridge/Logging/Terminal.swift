#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What is asked of the terminal that the program talks to.
enum Terminal {
    /// Whether the descriptor is a terminal whose owner likes colour (https://no-color.org).
    static func isColored(_ descriptor: Int32) -> Bool {
        isatty(descriptor) == 1 && getenv("NO_COLOR") == nil
            && getenv("TERM").map { String(cString: $0) } != "dumb"
    }
}
