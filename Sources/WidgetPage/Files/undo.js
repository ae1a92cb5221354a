import { get, now } from './api.js';
import { button, el, icon, show } from './dom.js';
import { t } from './words.js';

const again = 3_000;

/// Whether the bridge took an answer back, where it did not say: asks until it does. With `taken` the answer
/// stands in the `draft`.
export async function takenBack(base, id) {
  for (;;) {
    try {
      const { messages, draft } = await get(base);
      const message = messages.find((one) => one.id === id);
      return { taken: message?.delivery?.withdrawn, draft: draft.answer };
    } catch (problem) {
      if (!problem.uncertain && problem.status !== 401) return {};
      await new Promise((resolve) => { setTimeout(resolve, again); });
    }
  }
}

/// The seconds in which an answer can be taken back, and the finishing that waits for their end.
export class Undo {
  #sent = null;
  #timer = null;
  #done = new Set();

  /// - Parameter on: `take({id, …})`, `finish({id, wrapUp, …})`.
  constructor(on) {
    this.on = on;
    this.words = el('p', {});
    this.now = button('finish-now', t('finishNow'), () => this.#over());
    this.element = el('div', { class: 'undo', role: 'status', hidden: true, 'data-test': 'undo-bar' },
      icon('check'), this.words,
      el('div', { class: 'actions' }, this.now,
        button('undo', t('undo'), () => this.take(), { shape: 'undo' })));
  }

  get running() { return this.#sent !== null; }

  /// - Parameter wrapUp: what to finish with afterwards; `undefined` where nothing is to be finished.
  begin({ id, until, wrapUp }) {
    const finish = wrapUp === undefined ? this.#sent?.wrapUp : wrapUp;
    this.#done.add(id);
    this.resume({ id, until: Date.parse(until ?? '') || 0, wrapUp: finish });
  }

  /// Goes on as before `take`, which came to nothing.
  resume(sent) {
    this.#sent = sent;
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.#tick(), 250);
    this.#tick();
  }

  /// Shows what another visit of this page left running.
  update({ messages }) {
    const sent = messages.find(({ id }) => id === this.#sent?.id);
    // Another window took it back.
    if (sent?.delivery?.withdrawn) this.#clear();
    const waiting = messages.findLast(({ id, delivery }) => delivery?.mine && !delivery.withdrawn
      && !this.#done.has(id) && Date.parse(delivery.withdrawable_until ?? '') > now());
    if (!waiting || this.#sent) return;
    this.begin({ id: waiting.id, until: waiting.delivery.withdrawable_until });
  }

  take() {
    if (!this.#sent) return;
    const sent = this.#sent;
    this.#clear();
    this.on.take(sent);
  }

  /// The page goes away: what was to be finished is finished now.
  async stop() {
    const sent = this.#sent;
    this.#clear();
    if (sent?.wrapUp !== undefined) await this.on.finish(sent, { keepalive: true });
  }

  #tick() {
    const left = Math.ceil((this.#sent.until - now()) / 1_000);
    if (left <= 0) return this.#over();
    const finishing = this.#sent.wrapUp !== undefined;
    // The seconds are for the eye; a screen reader hears the sentence once.
    const text = t(finishing ? 'sentFinishing' : 'sentUndo');
    if (this.words.firstChild?.data !== text) {
      this.words.replaceChildren(text, el('span', { 'aria-hidden': 'true' }));
    }
    this.words.lastChild.textContent = ` ${t('seconds', { count: left })}`;
    show(this.now, finishing);
    show(this.element, true);
  }

  #over() {
    const sent = this.#sent;
    this.#clear();
    if (sent?.wrapUp !== undefined) this.on.finish(sent);
  }

  #clear() {
    clearInterval(this.#timer);
    this.#sent = null;
    show(this.element, false);
  }
}
