import ArgumentParser
import Sandbox

@main
enum Program {
    static func main() async {
        await GenesysSandbox.main()
    }
}
