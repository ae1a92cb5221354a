/// The page of the agents' desk; only what is in its frames comes from elsewhere.
enum DeskPage {
    static let html = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>Agent Desk</title>
        <link rel="icon" href="data:,">
        <link rel="stylesheet" href="/desk/style.css">
        <script src="/desk/desk.js" type="module"></script>
        </head>
        <body>
        <header>
        <h1>Agent Desk</h1>
        <p id="agent"></p>
        <label class="switch"><input type="checkbox" id="on-queue"> On queue</label>
        <label>Language
        <select id="language">
        <option value="en-us">English</option>
        <option value="de">Deutsch</option>
        <option value="pl">Polski</option>
        <option value="fr">Français</option>
        <option value="es">Español</option>
        </select>
        </label>
        <label class="switch"><input type="checkbox" id="popup-auth"> Log in by popup</label>
        <form method="post" action="/desk/logout"><button id="logout">Log out</button></form>
        </header>
        <div class="desk">
        <section aria-labelledby="interactions-title">
        <h2 id="interactions-title">Interactions</h2>
        <div id="interactions"></div>
        <p id="empty" class="quiet">Nothing for you. Go on queue, and what waits alerts you.</p>
        <button type="button" id="supervisor-app" aria-pressed="false">Supervisor's app</button>
        <p id="error" role="alert"></p>
        </section>
        <main aria-labelledby="panel-title">
        <div class="panel">
        <h2 id="panel-title">No interaction chosen</h2>
        <p id="hook" class="quiet" role="status"></p>
        <button type="button" id="reload" hidden>Reload widget</button>
        </div>
        <div id="frames"></div>
        <details id="log">
        <summary>What the host and its apps said</summary>
        <ol id="messages"></ol>
        </details>
        </main>
        </div>
        <div id="toasts" role="status" aria-live="polite"></div>
        <p id="news" class="unseen" role="status"></p>
        <noscript><p>This page needs JavaScript.</p></noscript>
        </body>
        </html>

        """
}
