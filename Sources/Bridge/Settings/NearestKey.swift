/// The known key that a path most likely means: right but for its spelling, or for its section.
func nearestKey(to path: [String], among candidates: [[String]]) -> String? {
    let (whole, last) = (path.joined(separator: "."), path.last ?? "")
    return candidates.map { candidate in
        let spelling = editDistance(whole, candidate.joined(separator: "."))
        let section = editDistance(last, candidate.last ?? "") + 2
        return (key: candidate.joined(separator: "."), edits: min(spelling, section))
    }
    .min { $0.edits < $1.edits }?.key
}

/// How many insertions, deletions, replacements and swaps of neighbours turn one text into the other,
/// where a letter's case costs nothing.
func editDistance(_ left: String, _ right: String) -> Int {
    let (left, right) = (Array(left.lowercased()), Array(right.lowercased()))
    var rows = [Array(0...right.count)]
    for (i, a) in left.enumerated() {
        var row = [i + 1]
        for (j, b) in right.enumerated() {
            var edits = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a == b ? 0 : 1))
            if i > 0, j > 0, a == right[j - 1], left[i - 1] == b {
                edits = min(edits, rows[i - 1][j - 1] + 1)
            }
            row.append(edits)
        }
        rows.append(row)
    }
    return rows[left.count][right.count]
}
