/// How a piece of text looks on a terminal.
enum Style: String, Sendable {
    case plain = ""
    case faint = "2"
    case good = "32"
    case warning = "33"
    case bad = "31;1"
    case strong = "1"
}

extension String {
    func styled(_ style: Style, if colored: Bool) -> String {
        colored && style != .plain && !isEmpty ? "\u{1B}[\(style.rawValue)m\(self)\u{1B}[0m" : self
    }
}

/// Rows of text in columns as wide as their widest cell.
struct Table {
    struct Cell: Equatable {
        var text: String
        var style: Style

        init(_ text: String, _ style: Style = .plain) {
            self.text = text.onOneLine
            self.style = style
        }
    }

    var rows: [[Cell]]

    func lines(colored: Bool) -> [String] {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in
            rows.map { $0.indices.contains(column) ? $0[column].text.count : 0 }.max() ?? 0
        }
        return rows.map { row in
            row.enumerated().map { column, cell in
                // The last one is not padded: nothing stands behind it.
                let gap = column == row.count - 1 ? 0 : widths[column] - cell.text.count + 2
                return cell.text.styled(cell.style, if: colored)
                    + String(repeating: " ", count: gap)
            }
            .joined()
        }
    }
}
