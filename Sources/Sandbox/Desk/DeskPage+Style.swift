extension DeskPage {
    static let style = """
        :root {
          --page: #eef0f4; --card: #fff; --ink: #1c2230; --quiet: #566074; --line: #cfd4de;
          --brand: #23395d; --on-brand: #fff; --accent: #1f5fbf; --bad: #a52319; --good: #1c6b36;
          --ring: #c2650a;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --page: #12151c; --card: #1c212c; --ink: #e8ebf2; --quiet: #a3acbd; --line: #3a4252;
            --brand: #0d1626; --on-brand: #fff; --accent: #86b4f7; --bad: #ff9d92; --good: #85d49d;
            --ring: #f5b05f;
          }
        }
        * { box-sizing: border-box; }
        [hidden] { display: none !important; }
        body {
          margin: 0; min-height: 100vh; display: flex; flex-direction: column;
          background: var(--page); color: var(--ink); font: 1rem/1.4 system-ui, sans-serif;
        }
        h1, h2, p { margin: 0; }
        h1 { font-size: 1.125rem; }
        h2 { font-size: 1rem; overflow-wrap: anywhere; }
        .quiet { color: var(--quiet); font-size: .875rem; }
        .unseen {
          position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
        }
        header {
          display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1.25rem;
          padding: .5rem 1rem; background: var(--brand); color: var(--on-brand);
        }
        header #agent { font-weight: 600; flex: 1; min-width: 8rem; }
        header label { display: flex; align-items: center; gap: .375rem; font-size: .875rem; }
        header input { width: 1.25rem; height: 1.25rem; margin: 0; accent-color: #86b4f7; }
        button, select {
          min-height: 2rem; padding: .25rem .75rem; border: 1px solid var(--line);
          border-radius: .375rem; background: var(--card); color: var(--ink); font: inherit;
          font-size: .875rem; max-width: 100%;
        }
        button { cursor: pointer; }
        button:hover { border-color: var(--accent); }
        :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
        header :focus-visible { outline-color: #86b4f7; }
        .desk {
          flex: 1; display: grid; grid-template-columns: minmax(0, 1fr); gap: 1rem; padding: 1rem;
        }
        section { display: flex; flex-direction: column; gap: .5rem; min-width: 0; }
        #interactions { display: grid; gap: .5rem; }
        #supervisor-app { align-self: start; }
        #supervisor-app[aria-pressed=true] { border-color: var(--accent); color: var(--accent); }
        #error { color: var(--bad); font-size: .875rem; }
        .interaction {
          border: 1px solid var(--line); border-left: .25rem solid var(--line);
          border-radius: .5rem; background: var(--card); overflow: hidden;
        }
        .interaction.alerting { border-left-color: var(--ring); }
        .interaction.connected { border-left-color: var(--good); }
        .interaction:has([aria-current]) { border-color: var(--accent); }
        .open {
          display: grid; gap: .125rem; width: 100%; padding: .5rem .75rem; border: 0;
          background: none; text-align: start; overflow-wrap: anywhere;
        }
        .open:focus-visible { outline-offset: -3px; }
        .open strong { font-size: 1rem; }
        .count { color: var(--bad); font-weight: 600; }
        .actions { display: flex; flex-wrap: wrap; gap: .375rem; padding: 0 .75rem .75rem; }
        .pair { display: flex; gap: .375rem; min-width: 0; flex: 1 1 100%; }
        .pair select { flex: 1; min-width: 0; }
        [data-act=accept] { background: var(--accent); color: var(--card); border-color: var(--accent); }
        main {
          display: flex; flex-direction: column; min-width: 0; overflow: hidden;
          border: 1px solid var(--line); border-radius: .5rem; background: var(--card);
        }
        .panel {
          display: flex; flex-wrap: wrap; align-items: center; gap: .25rem 1rem;
          min-height: 3rem; padding: .375rem .75rem; border-bottom: 1px solid var(--line);
        }
        .panel #hook { flex: 1; }
        #frames { flex: 1; display: flex; min-height: 80vh; }
        #frames iframe { flex: 1; width: 100%; border: 0; background: Canvas; }
        #log { padding: .375rem .75rem; border-top: 1px solid var(--line); font-size: .8125rem; }
        #messages {
          margin: .25rem 0 0; padding: 0; max-height: 8rem; overflow: auto; list-style: none;
          font-family: ui-monospace, monospace;
        }
        #toasts {
          position: fixed; inset: auto 1rem 1rem auto; display: grid; gap: .5rem;
          max-width: min(22rem, calc(100vw - 2rem));
        }
        .toast {
          display: grid; gap: .25rem; padding: .75rem; border: 1px solid var(--line);
          border-left: .25rem solid var(--accent); border-radius: .5rem; background: var(--card);
          box-shadow: 0 .25rem 1rem rgb(0 0 0 / .2); overflow-wrap: anywhere;
        }
        .toast.error { border-left-color: var(--bad); }
        .toast.success { border-left-color: var(--good); }
        .toast button { justify-self: start; }
        @media (min-width: 48rem) {
          body { height: 100vh; }
          .desk { grid-template-columns: 20rem minmax(0, 1fr); min-height: 0; }
          section { overflow: auto; }
          #frames { min-height: 0; }
        }

        """
}
