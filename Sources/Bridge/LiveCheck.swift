/// Asks Genesys whether the settings are right; changes nothing there.
enum LiveCheck {
    static func run(_ settings: Settings) async -> [Finding] { [] }
}
