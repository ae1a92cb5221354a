/// The files of the agents' page, by their names.
public enum WidgetPage {
    public static let files: [String: [UInt8]] = [
        "index.html": PackageResources.index_html,
        "signin.html": PackageResources.signin_html,
        "app.js": PackageResources.app_js,
    ]
}
