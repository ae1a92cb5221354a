/// Of the program, as it names itself to others.
enum Version {
    static let current = "0.1.0"
}
