import Glibc
import TestSupport
import Testing

@testable import Bridge

@Suite(.timeLimit(.minutes(15))) struct NotifierTests {
    @Test(arguments: ManagerSocket.Kind.allCases)
    func theManagerReadsOneDatagram(from kind: ManagerSocket.Kind) async {
        let manager = ManagerSocket(kind)
        let notifier = Notifier(environment: ["NOTIFY_SOCKET": manager.name])
        notifier.send(.ready, .status("3 pending\nMAINPID=1"))
        #expect(await manager.receive() == "READY=1\nSTATUS=3 pending\\nMAINPID=1")
        notifier.send(.stopping)
        #expect(await manager.receive() == "STOPPING=1")
    }

    @Test(arguments: ["/nowhere/notify", "vsock:2:9999", String(repeating: "/x", count: 99)])
    func nobodyHearsItWithoutHarm(name: String) {
        Notifier(environment: ["NOTIFY_SOCKET": name]).send(.ready)
        Notifier(environment: [:]).send(.ready)
    }

    @Test func theWatchdogIsForTheProcessThatItNames() {
        let watched = ["WATCHDOG_USEC": "30000000"]
        #expect(Notifier(environment: watched).watchdogInterval == .seconds(30))
        #expect(Notifier(environment: [:]).watchdogInterval == nil)
        let own = watched.merging(["WATCHDOG_PID": "\(getpid())"]) { $1 }
        #expect(Notifier(environment: own).watchdogInterval == .seconds(30))
        let other = watched.merging(["WATCHDOG_PID": "1"]) { $1 }
        #expect(Notifier(environment: other).watchdogInterval == nil)
    }
}
