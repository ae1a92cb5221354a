public import Foundation
public import Logging

extension Sandbox {
    /// How a sandbox starts.
    public struct Options: Sendable {
        /// The address to listen on, `127.0.0.1` by default.
        public var host = "127.0.0.1"
        /// The port to listen on; 0, the default, takes a free one.
        public var port = 0
        /// The address that notification channels are connected to, `127.0.0.1` by default.
        public var notificationsHost = "127.0.0.1"
        /// The port of the same; 0, the default, takes a free one.
        public var notificationsPort = 0
        /// What the pretend organization is at the start and again after ``Sandbox/forget()``.
        public var settings = Settings()
        /// The bridge that the demo shop at `/shop` is a shop of; none by default.
        public var bridge: BridgeLink?
        /// The address of the widget that the desk at `/desk` opens, with Genesys' tokens in it.
        public var widgetURL = Options.demoWidgetURL
        /// Calls allowed in a window at the start and again after ``Sandbox/forget()``.
        ///
        /// 300 a minute by default, as Genesys documents `token.rate.per.minute`; `nil` allows any number.
        public var limit: Limit? = Limit(requests: 300, seconds: 60)
        /// How many calls the journal keeps; older ones fall out.
        public var journalCapacity = 50_000
        /// The time that tokens, rate windows and conversations go by.
        public var now: @Sendable () -> Date = { Date() }
        /// Where failures of the sandbox itself are told.
        public var logger = Logger(label: "genesys-sandbox")

        public init() {}

        /// The widget of a bridge on this machine, in its usual place.
        public static let demoWidgetURL = """
            http://127.0.0.1:8080/widget?conversationId={{gcConversationId}}\
            &gcHostOrigin={{gcHostOrigin}}&gcTargetEnv={{gcTargetEnv}}&lang={{gcLangTag}}\
            &popup={{gcUsePopupAuth}}
            """
    }

    /// So many calls in each window of so many seconds, counted as ``Settings/limitPer`` says.
    public struct Limit: Sendable, Equatable {
        public var requests: Int
        public var seconds: Int

        public init(requests: Int, seconds: Int = 60) {
            self.requests = requests
            self.seconds = seconds
        }
    }
}
