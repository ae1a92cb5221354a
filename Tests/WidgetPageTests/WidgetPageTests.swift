import Foundation
import Testing

@testable import WidgetPage

struct WidgetPageTests {
    static let names = WidgetPage.files.keys.sorted()
    static let modules = names.filter { $0.hasSuffix(".js") }
    static let documents = names.filter { $0.hasSuffix(".html") }
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Sources/WidgetPage/Files").standardized

    func text(_ name: String) throws -> String {
        String(decoding: try #require(WidgetPage.files[name]), as: UTF8.self)
    }

    @Test func everyFileOfTheFolderIsServed() throws {
        let there = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
        #expect(Self.names == there.sorted())
    }

    @Test(arguments: names)
    func aFileComesLineByLineAsItStandsButAScriptsCommentsAreEmpty(_ name: String) throws {
        let file = Self.folder.appending(path: name)
        let source = try String(contentsOf: file, encoding: .utf8).split(
            separator: "\n", omittingEmptySubsequences: false)
        let got = try text(name).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(got.count == source.count)
        for (line, got) in zip(source, got) {
            let isComment = name.hasSuffix(".js") && line.drop { $0 == " " }.hasPrefix("//")
            #expect(got == (isComment ? "" : line))
        }
    }

    @Test(arguments: documents)
    func aDocumentNamesOnlyFilesThatExist(_ document: String) throws {
        let text = try text(document)
        let named = text.matches(of: /(?:src|href)="\{\{assets\}\}\/([^"]+)"/).map { String($0.1) }
        #expect(named.count >= 3)
        for name in named { #expect(WidgetPage.files[name] != nil, "\(name) of \(document)") }
    }

    @Test(arguments: modules)
    func aModuleImportsOnlyModulesThatExist(_ module: String) throws {
        for match in try text(module).matches(of: /(?:from |import\()['`]([^'`]+)['`]/) {
            let address = String(match.1)
            #expect(address.hasPrefix("./"), "\(address) of \(module)")
            let name = String(address.dropFirst(2))
            if name.contains("${language}") { continue }
            #expect(WidgetPage.files[name] != nil, "\(name) of \(module)")
        }
    }

    /// What the policy of the page forbids, or what would make markup of a customer's text.
    static let forbidden = [
        "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "srcdoc",
        "new Function", "createContextualFragment", "setHTMLUnsafe", "<style", "style=\"",
        "javascript:",
    ]

    @Test(arguments: names)
    func noFileMakesCodeOrMarkupOfText(_ name: String) throws {
        let text = try text(name)
        for word in Self.forbidden { #expect(!text.contains(word), "\(word) in \(name)") }
    }

    @Test(arguments: documents)
    func aDocumentHasNoScriptOrListenerInside(_ document: String) throws {
        let text = try text(document)
        #expect(text.firstMatch(of: /<script(?![^>]* src=)/) == nil)
        #expect(text.firstMatch(of: /<script[^>]*>[^<]/) == nil)
        #expect(text.firstMatch(of: /\son[a-z]+=/) == nil)
    }

    /// The names of the XML namespaces are no addresses that anything is asked from.
    @Test(arguments: names)
    func noFileNamesAnotherHost(_ name: String) throws {
        let text = try text(name)
            .replacing("http://www.w3.org/2000/svg", with: "")
            .replacing("http://www.w3.org/1999/xhtml", with: "")
        #expect(text.firstMatch(of: /https?:\/\/[A-Za-z0-9]/) == nil)
        #expect(text.firstMatch(of: /["'(]\/\/[A-Za-z0-9]/) == nil)
    }

    @Test(arguments: ["de", "pl", "fr", "es"])
    func aLanguageSaysAllThatEnglishSays(_ language: String) throws {
        let english = words(in: try text("words-en.js"))
        let other = words(in: try text("words-\(language).js"))
        #expect(english.count > 200)
        #expect(Set(english.keys).symmetricDifference(other.keys) == [])
        for (key, placeholders) in english {
            #expect(other[key] == placeholders, "\(key) of \(language)")
        }
    }

    @Test func eachWordTheModulesAskForIsThere() throws {
        let known = words(in: try text("words-en.js"))
        for module in Self.modules {
            for match in try text(module).matches(of: /\bt\('([A-Za-z_]+)'/) {
                #expect(known[String(match.1)] != nil, "\(match.1) of \(module)")
            }
        }
    }

    /// The keys of a table of words, each with the placeholders of its text.
    private func words(in module: String) -> [String: Set<String>] {
        var table: [String: Set<String>] = [:]
        let entry = /([A-Za-z_]+): ('(?:[^'\\]|\\.)*'|\{[^{}]*(?:\{[a-z]+\}[^{}]*)*\})/
        for match in module.matches(of: entry) {
            let placeholders = match.2.matches(of: /\{([a-z]+)\}/).map { String($0.1) }
            table[String(match.1)] = Set(placeholders)
        }
        return table
    }
}
