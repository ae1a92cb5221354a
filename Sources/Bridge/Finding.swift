/// One thing that `check --live` asked, and what came of it.
struct Finding: Sendable, Equatable {
    enum Outcome: Sendable, Equatable {
        case right
        /// Nobody knows; with a code where it may be tried later.
        case untried(CommandFailure.Code?)
        case wrong(CommandFailure.Code)
    }

    /// What was looked at: `token`, `queue of route default`.
    var subject: String
    /// What was found, and if it is wrong, what to do.
    var text: String
    var outcome = Outcome.right

    /// What the command ends with; `nil` where this is no reason to fail.
    var failure: CommandFailure.Code? {
        switch outcome {
        case .right: nil
        case .untried(let code): code
        case .wrong(let code): code
        }
    }

    func line(colored: Bool) -> String {
        let (mark, style): (String, Style) =
            switch outcome {
            case .right: ("ok     ", .good)
            case .untried: ("UNTRIED", .warning)
            case .wrong: ("WRONG  ", .bad)
            }
        return "\(mark.styled(style, if: colored))  \(subject): \(text)"
    }
}
