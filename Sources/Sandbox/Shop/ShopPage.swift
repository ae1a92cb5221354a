/// The page of the demo shop; nothing in it comes from elsewhere.
enum ShopPage {
    static let html = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>Demo Shop</title>
        <link rel="icon" href="data:,">
        <link rel="stylesheet" href="/shop/style.css">
        <script src="/shop/script.js" defer></script>
        </head>
        <body>
        <header>
        <h1>Demo Shop</h1>
        <p id="link" role="status"></p>
        </header>
        <div id="start" hidden>
        <h2>Not connected to a bridge</h2>
        <p>You can look around, but nothing is sent. Start the sandbox with the address of the
        bridge and the shop's signing secret:</p>
        <pre>genesys-sandbox serve --shop-bridge http://127.0.0.1:8080 --shop-secret whsec_…</pre>
        <p>and let the bridge call back at <code id="callback"></code>.</p>
        </div>
        <main>
        <section aria-labelledby="orders-title">
        <h2 id="orders-title">Your orders</h2>
        <div id="orders" role="radiogroup" aria-labelledby="orders-title"></div>
        </section>
        <section class="thread" aria-labelledby="thread-title">
        <h2 id="thread-title">Messages</h2>
        <ol id="thread" aria-live="polite" tabindex="0" aria-labelledby="thread-title"></ol>
        <form id="form">
        <label for="text">Write to us about this order</label>
        <textarea id="text" rows="3" maxlength="10000" required
        placeholder="Where is my parcel?" aria-describedby="hint"></textarea>
        <div class="send">
        <p id="hint">Ctrl + Enter sends.</p>
        <button id="send">Send</button>
        </div>
        <p id="error" role="alert"></p>
        </form>
        </section>
        </main>
        <noscript><p class="noscript">This page needs JavaScript.</p></noscript>
        </body>
        </html>

        """
}
