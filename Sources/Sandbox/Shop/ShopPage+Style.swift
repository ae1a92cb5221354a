extension ShopPage {
    static let style = """
        :root {
          --page: #f6f5f1; --card: #fff; --ink: #1d2321; --quiet: #5b6461; --line: #d9dad5;
          --brand: #0b5d57; --on-brand: #fff; --mine: #e2efed; --bad: #a52319; --good: #1c6b36;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --page: #141817; --card: #1e2423; --ink: #e9eceb; --quiet: #a3aeab; --line: #3a4341;
            --brand: #6fd0c5; --on-brand: #08201d; --mine: #21413d; --bad: #ff9d92;
            --good: #85d49d;
          }
        }
        * { box-sizing: border-box; }
        [hidden] { display: none !important; }
        body {
          margin: 0 auto; max-width: 68rem; padding: 1rem;
          background: var(--page); color: var(--ink);
          font: 1rem/1.5 system-ui, sans-serif;
        }
        header {
          display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between;
          gap: 0 1rem; margin-bottom: 1rem;
        }
        h1 { margin: 0; font-size: 1.5rem; color: var(--brand); }
        h2 { margin: 0 0 .75rem; font-size: 1.0625rem; }
        p { margin: 0; }
        code, pre { font: .875rem/1.5 ui-monospace, monospace; }
        code, pre { overflow-wrap: anywhere; }
        pre { margin: .5rem 0; white-space: pre-wrap; }
        #link { color: var(--quiet); font-size: .875rem; }
        #link.lost { color: var(--bad); }
        #start {
          margin-bottom: 1rem; padding: 1rem; border: 1px solid var(--line);
          border-left: .25rem solid var(--brand); border-radius: .5rem; background: var(--card);
        }
        #start h2 { margin-bottom: .25rem; }
        main { display: grid; gap: 1.5rem; grid-template-columns: minmax(0, 1fr); }
        @media (min-width: 48rem) {
          main { grid-template-columns: minmax(0, 20rem) minmax(0, 1fr); }
        }
        #orders { display: grid; gap: .5rem; }
        .order {
          display: grid; grid-template-columns: auto 1fr auto; gap: 0 .625rem;
          padding: .75rem; border: 1px solid var(--line); border-radius: .5rem;
          background: var(--card); cursor: pointer;
        }
        .order input { width: 1.125rem; height: 1.125rem; margin: .1875rem 0 0; accent-color: var(--brand); }
        .order:has(:checked) { border-color: var(--brand); box-shadow: 0 0 0 1px var(--brand); }
        .order:has(:focus-visible) { outline: 3px solid var(--brand); outline-offset: 2px; }
        .order strong { font-weight: 600; }
        .order small { grid-column: 2 / -1; color: var(--quiet); font-size: .875rem; }
        .thread {
          display: flex; flex-direction: column; min-height: 20rem;
          padding: 1rem; border: 1px solid var(--line); border-radius: .5rem;
          background: var(--card);
        }
        #thread {
          display: flex; flex: 1; flex-direction: column; gap: .625rem; margin: 0 0 1rem;
          padding: .25rem; list-style: none; max-height: 55vh; min-height: 8rem; overflow-y: auto;
        }
        #thread:focus-visible, textarea:focus-visible, button:focus-visible {
          outline: 3px solid var(--brand); outline-offset: 2px;
        }
        #thread > li { max-width: 85%; overflow-wrap: anywhere; }
        #thread > .event { max-width: 100%; }
        .text { padding: .5rem .75rem; border-radius: .75rem; white-space: pre-wrap; }
        time { white-space: nowrap; }
        .message { align-self: flex-end; }
        .message .text { background: var(--mine); border-bottom-right-radius: .125rem; }
        .reply { align-self: flex-start; }
        .reply .text {
          border: 1px solid var(--line); border-bottom-left-radius: .125rem;
          background: var(--page);
        }
        .event, .empty { align-self: center; color: var(--quiet); font-size: .875rem; text-align: center; }
        .empty { margin: auto; }
        .about { color: var(--quiet); font-size: .8125rem; }
        .message .about { text-align: right; }
        .about .bad { color: var(--bad); }
        .about .good { color: var(--good); }
        .about button {
          min-height: 2rem; margin: .25rem 0 0 .5rem; padding: .25rem .75rem;
          font-size: .8125rem;
        }
        form { display: grid; gap: .375rem; border-top: 1px solid var(--line); padding-top: 1rem; }
        label[for] { font-weight: 600; }
        textarea {
          width: 100%; padding: .625rem; border: 1px solid var(--quiet); border-radius: .5rem;
          background: var(--page); color: inherit; font: inherit; resize: vertical;
        }
        textarea::placeholder { color: var(--quiet); opacity: 1; }
        .send { display: flex; align-items: center; justify-content: space-between; gap: 1rem; }
        #hint { color: var(--quiet); font-size: .8125rem; }
        @media (hover: none) { #hint { visibility: hidden; } }
        button {
          min-height: 2.75rem; padding: .5rem 1.25rem; border: 0; border-radius: .5rem;
          background: var(--brand); color: var(--on-brand); font: inherit; font-weight: 600;
          cursor: pointer;
        }
        button:disabled { opacity: .5; cursor: default; }
        #error:not(:empty), .noscript { color: var(--bad); }

        """
}
