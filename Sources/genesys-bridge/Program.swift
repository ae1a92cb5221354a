import ArgumentParser
import Bridge

@main
enum Program {
    static func main() async {
        await BridgeCommand.main()
    }
}
