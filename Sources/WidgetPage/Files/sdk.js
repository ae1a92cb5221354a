/// The wire protocol of Genesys' Client App SDK, as its public sources have it (MyPureCloud/client-app-sdk:
/// src/modules/base.ts, lifecycle.ts, alerting.ts, coreUi.ts, myConversations.ts).
///
/// It speaks to the parent window alone, and only to an origin that the bridge knows; without such a host
/// everything here is silent.
const protocol = {
  protocol: 'purecloud-client-apps', protocolAgentName: 'genesys-bridge', protocolAgentVersion: '1',
};

export class Host {
  #origin;
  #listeners = {};
  #ready = false;

  constructor(origin, known) {
    this.#origin = window.parent !== window && known.includes(origin) ? origin : null;
    if (!this.#origin) return;
    addEventListener('message', (event) => {
      if (event.source !== window.parent || event.origin !== this.#origin) return;
      if (event.data?.purecloudEventType !== 'appLifecycleHook') return;
      this.#hook(event.data.hook);
    });
    addEventListener('click', (event) => this.#follow(event));
  }

  /// `focus`, `blur` or `stop`; what a `stop` listener returns is waited for before the host may go on.
  on(hook, listener) { (this.#listeners[hook] ??= []).push(listener); }

  /// Ends the host's loading state, at once or as soon as it asks.
  bootstrapped() {
    this.#ready = true;
    this.#send('bootstrapped');
  }

  /// - Parameter message: plain text; it is never read as Markdown, customers' words are in it.
  toast(title, message, { type = 'info', id } = {}) {
    const stay = type === 'error' ? { timeout: 0, showCloseButton: true } : {};
    this.#send('showToast', { title, message, type, id, markdownMessage: false, ...stay });
  }

  attention(count) { this.#send('setAttentionCount', { count }); }

  showInteraction(conversationId) { this.#send('showMyInteractionDetails', { conversationId }); }

  /// Has the desk open what a link leads to. A window of its own is free of this frame's sandbox, in which a
  /// page that isolates itself (COOP) refuses to be opened.
  #follow(event) {
    const link = event.target.closest?.('a[target="_blank"]');
    if (event.defaultPrevented || !/^https?:$/.test(link?.protocol)) return;
    event.preventDefault();
    this.#send('openWindow', { targetUrl: link.href });
  }

  async #hook(hook) {
    if (hook === 'bootstrap') {
      if (this.#ready) this.#send('bootstrapped');
      return;
    }
    const work = (this.#listeners[hook] ?? []).map(async (listener) => listener());
    await Promise.allSettled(work);
    if (hook === 'stop') this.#send('stopped');
  }

  #send(action, payload = {}) {
    if (this.#origin) window.parent.postMessage({ ...payload, action, ...protocol }, this.#origin);
  }
}
