import Testing

@testable import Sandbox

@Suite("The widget's address")
struct WidgetURLTests {
    @Test(arguments: [
        (
            "http://127.0.0.1:8080/widget?conversationId={{gcConversationId}}",
            "http://127.0.0.1:8080"
        ),
        ("https://bridge.example{{gcLangTag}}", "https://bridge.example"),
        ("javascript:alert(1)", nil), ("//bridge.example/widget", nil), ("widget", nil), ("", nil),
    ])
    func hasAnOriginOnTheWeb(template: String, origin: String?) {
        #expect(WidgetURL(template: template).origin == origin)
    }

    @Test func escapesWhatTheHostSaysOfItself() {
        let host = WidgetURL.Host(
            origin: "http://localhost:1", language: "de&x=<y>", usesPopup: false)
        let widget = WidgetURL(template: "https://b.example/?lang={{gcLangTag}}")
        #expect(
            widget.filled(conversation: "c", host) == "https://b.example/?lang=de%26x%3D%3Cy%3E")
    }

    @Test func isOfTheSupervisorWithoutTheParameterOfTheConversation() {
        let host = WidgetURL.Host(
            origin: "http://localhost:1", language: "de", usesPopup: false)
        let only = WidgetURL(template: "https://b.example/w?id={{pcConversationId}}")
        #expect(only.filled(host) == "https://b.example/w?")
        let none = WidgetURL(template: "https://b.example/w")
        #expect(none.filled(host) == "https://b.example/w")
    }
}
