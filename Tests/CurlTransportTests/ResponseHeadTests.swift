import Testing

@testable import CurlTransport

struct ResponseHeadTests {
    private func head(_ lines: String...) -> ResponseHead {
        var head = ResponseHead()
        for line in lines {
            let isTaken = head.take(Array(line.utf8))
            #expect(isTaken)
        }
        return head
    }

    @Test func theLastBlockCounts() {
        let head = head(
            "HTTP/1.1 200 Connection established\r\n", "Via: proxy\r\n", "\r\n",
            "HTTP/1.1 103 Early Hints\r\n", "Link: </a>\r\n", "\r\n",
            "HTTP/2 201 \r\n", "Retry-After:  3 \r\n", "\r\n")
        #expect(head.status == 201)
        #expect(head.headers.map(\.name) == ["Retry-After"])
        #expect(head.headers.map(\.value) == ["3"])
        #expect(head.isComplete)
    }

    @Test func anInterimBlockIsNotAnAnswer() {
        #expect(!head("HTTP/1.1 100 Continue\r\n", "\r\n").isComplete)
    }

    @Test func headersWithoutTheEmptyLineAreNotAnAnswer() {
        #expect(!head("HTTP/1.1 200 OK\r\n", "Content-Le").isComplete)
    }

    @Test func trailersAreLeftOut() {
        let head = head("HTTP/1.1 200 OK\r\n", "A: 1\r\n", "\r\n", "B: 2\r\n", "\r\n")
        #expect(head.headers.map(\.name) == ["A"])
    }

    @Test(arguments: [
        ("A: 1\r\n", "A", "1"), ("A:1\n", "A", "1"), ("A:\r\n", "A", ""),
        ("A: b: c\r\n", "A", "b: c"), ("A: é\r\n", "A", "é"),
    ])
    func aHeaderIsSplitAtItsFirstColon(line: String, name: String, value: String) {
        let head = head("HTTP/1.1 200 OK\r\n", line)
        #expect(head.headers.map(\.name) == [name])
        #expect(head.headers.map(\.value) == [value])
    }

    @Test func tooManyBytesOfHeadersAreRefused() {
        var head = ResponseHead()
        let fits = head.take([UInt8](repeating: 65, count: ResponseHead.maxBytes))
        #expect(fits)
        let isOneMoreTaken = head.take([65])
        #expect(!isOneMoreTaken)
    }

    @Test func aHeaderIsFoundInAnyCase() {
        let response = TransportResponse(status: 200, headers: [("Retry-After", "3"), ("x", "")])
        #expect(response.header("retry-after") == "3")
        #expect(response.header("X") == "")
        #expect(response.header("Y") == nil)
    }
}
