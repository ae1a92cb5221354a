import Foundation
import GenesysCloud
import Outbox
import Testing

struct FindingsTests {
    let path = FileManager.default.temporaryDirectory.path + "/\(UUID()).findings.json"

    @Test func readsWhatItWroteAndMayBeReadByAll() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        var findings = Findings(
            organization: "o", provider: "Acme Bridge",
            measuredAt: Timestamp(milliseconds: 1_772_615_564_120))
        try findings.write(to: path)
        #expect(Findings(at: path) == findings)
        findings.sources = [
            .analytics: .shown(after: .milliseconds(2100)), .attributes: .missed("403"),
        ]
        findings.purpose = "customer"
        findings.attributeChange = .merges
        findings.followUp = .refused
        findings.limits = ["token.rate.per.minute": 300]
        findings.leftOpen = "c"
        try findings.write(to: path)
        #expect(Findings(at: path) == findings)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect(mode as? Int == 0o644)
    }

    @Test(arguments: [nil, "", "{}", #"{"organization":"o","provider":"p"}"#])
    func isNothingWithoutAFileThatCanBeRead(text: String?) throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        try text?.write(toFile: path, atomically: true, encoding: .utf8)
        #expect(Findings(at: path) == nil)
    }
}
