import CurlTransport
import GenesysCloud
import Listener
import Logging
import Outbox
import ShopCallback

/// Everything that can be set, with the value it has when nobody sets it.
struct Settings: SettingsPart {
    var listen = Listen()
    var genesys = Genesys()
    var routes: [RouteName: Route] = [:]
    var shops: [ShopName: Shop] = [:]
    var ops = Ops()
    var conversation = Conversation()
    var retry = Retry()
    var callback = Callback()
    var widget = Widget()
    var retention = Retention()
    var store = Store()
    var intake = Intake()
    var log = Log()

    struct Listen: Sendable {
        var `public` = ListenAddress(host: "127.0.0.1", port: 8080)
        var ops = ListenAddress(host: "127.0.0.1", port: 8081)
        /// What browsers and shops call the public face, behind whatever proxy.
        var publicURL: Origin?
    }

    struct Genesys: Sendable {
        /// The region's domain, such as `mypurecloud.de`.
        var region: String?
        var loginURL: Origin?
        var apiURL: Origin?
        var clientID = ""
        var clientSecret = Secret("")
        /// What Genesys calls this integration in each conversation.
        var provider = "genesys-bridge"
        var requestsPerMinute = 270
        /// What looks and the like may have a tenth of; `nil` for no limit.
        var monthlyCalls: Int?
    }

    /// Where in Genesys a message goes; has either a queue or a flow.
    struct Route: SettingsPart {
        var queueID: String?
        var flowID: String?
        var priority = 0
        /// Added for each minute that a message waited in the bridge.
        var priorityPerMinute = 1
        /// The most that waiting adds.
        var priorityCap = 120
        var skillIDs: [String] = []
        var languageID: String?
        var utilizationLabel: String?
    }

    struct Shop: SettingsPart {
        /// Any one of them may have signed a post.
        var secrets: [Secret] = []
        var tokens: [String: Token] = [:]
        /// The routes its messages may name; the first is where a message goes that names none.
        var routes: [RouteName] = []
        /// Whom the customer wrote to, as the agent sees it.
        var toName = "Online shop"
        var threadKey = ThreadRule.order
        /// What of the customer may be written on a conversation.
        var personalFields: [ShopProfile.PersonalField] = [.id, .name, .email, .locale]
        /// Where answers and events go to; `nil` for a shop that asks for them itself.
        var callbackURL: WebAddress?
        /// Each of them signs what goes there.
        var callbackSecrets: [Secret] = []
        var events: [EventName] = [.agentReply, .threadStatus, .messageDead]
        var agentName = AgentNaming.first
        /// By the agent's id at Genesys, in lower case.
        var agentAliases: [String: String] = [:]
    }

    /// A bearer token; its name is what an operator's action is recorded under.
    struct Token: SettingsPart {
        var secret = Secret("")
        var scope: AccessToken.Scope?
    }

    struct Ops: Sendable {
        /// Empty only on loopback, where no token is asked for.
        var tokens: [String: Token] = [:]
    }

    struct Conversation: Sendable {
        var followUps = FollowUps.join
        /// After its end; an empty list leaves it to a person at once.
        var recreateAfter = Aftercare.standardWaits
        var unanswered = Unanswered.watch

        enum FollowUps: String, Sendable, CaseIterable {
            /// A further message joins the thread's live conversation, where there is one.
            case join
            /// Each message of a thread is a conversation of its own.
            case new
        }

        enum Unanswered: String, Sendable, CaseIterable {
            case watch, ignore
        }
    }

    struct Retry: Sendable {
        /// The wait after the first failed attempt, the second, …; the last one stays.
        var schedule = RetryPolicy.standardSchedule
        /// Counted only while the route is reachable.
        var lifetime = RetryPolicy().lifetime
        /// What becomes of an entry of which nobody can tell whether it arrived.
        var inDoubt = DoubtPolicy().undecided
        /// Since the beginning of the doubt; ascending.
        var lookAt = DoubtPolicy.standardLooks
        /// Asked in this order.
        var lookUp = LookUpSource.allCases
    }

    struct Callback: Sendable {
        /// The wait after the first failed attempt, the second, …; the last one stays.
        var schedule = RetryPolicy.callbackSchedule
        /// Counted only while the shop can be reached.
        var lifetime = RetryPolicy.callback().lifetime
        /// Where names of shops may lead to besides the internet.
        var privateNetworks: [IPNetwork] = []
    }

    /// The agents' tab; off without a client.
    struct Widget: Sendable {
        var clientID: String?
        /// Empty for a client that has none.
        var clientSecret = Secret("")
        var login = WidgetSettings.Login.auto
        /// Besides the region's own.
        var frameAncestors: [Origin] = []
        /// Without one logins end with the process.
        var sessionKeys: [Secret] = []
        var undo = WidgetSettings.standardUndo
        /// In bytes.
        var maxFile = WidgetSettings.standardMaxFile
        var fileTypes = WidgetSettings.standardFileTypes
        var linkLifetime = WidgetSettings.standardLinkLifetime
    }

    struct Store: Sendable {
        var path = ""
        /// In bytes; below it nothing more is taken in.
        var minFree = BackPressure().minFree
    }

    struct Intake: Sendable {
        /// In bytes.
        var maxBody = 1 << 20
        /// Posts of one credential; `nil` for no limit.
        var perMinute: Int?
        var allowUnsigned = false
        var maxPending = BackPressure().maxPending
    }

    struct Log: Sendable {
        var level = Logger.Level.info
        var format = Format.text

        enum Format: String, Sendable, CaseIterable {
            case text, json
        }
    }
}
