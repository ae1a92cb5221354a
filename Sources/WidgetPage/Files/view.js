import { agentButton } from './agent.js';
import { get } from './api.js';
import { button, el, fill, foreign, icon, show } from './dom.js';
import { Cards } from './cards.js';
import { channel } from './channel.js';
import { Composer } from './composer.js';
import { recreate } from './finish.js';
import { authorOf, clock, nameOf, time } from './format.js';
import { keysButton } from './keys.js';
import { Live } from './live.js';
import { writeMail } from './mail.js';
import { hasFailed, retry } from './message.js';
import { Notices } from './notices.js';
import { themeSwitch } from './theme.js';
import { Thread } from './thread.js';
import { words } from './trouble.js';
import { t } from './words.js';

/// One conversation: its thread, its order and customer, and the composer; kept up to date while shown.
export class ConversationView {
  #running = null;
  #again = false;
  #data = null;
  #since = Date.now();
  #unread = 0;
  #gap = null;
  #away = false;
  #closing = new AbortController();
  #past = null;
  #from = null;
  /// The earlier thread that is shown in place of this one.
  past = null;

  /// - Parameter base: the address of the conversation's part of the interface.
  /// - Parameter back: where there is a list to go back to.
  constructor({ base, host, settings, back }) {
    Object.assign(this, { base, host, settings });
    const { signal } = this.#closing;
    const refresh = () => this.refresh();
    this.notices = new Notices();
    this.thread = new Thread({
      base, refresh, signal, page: (id) => get(`${base}/messages?before=${encodeURIComponent(id)}`),
    });
    const windows = channel(base, refresh);
    signal.addEventListener('abort', () => windows?.close());
    this.composer = new Composer({
      base, settings, thread: this.thread, notices: this.notices, refresh,
      kept: () => { if (!signal.aborted) windows?.postMessage(null); },
    });
    this.cards = new Cards({
      signal, openEarlier: (thread) => this.#openEarlier(thread),
      writeMail: () => writeMail(base, this.#data.thread.subject, { host, notices: this.notices }),
    });
    this.live = new Live(base, {
      changed: ({ mark }) => { if (mark !== this.#data?.mark) this.refresh(); },
      present: ({ agents }) => this.#present(agents),
      end: ({ code }) => this.#ended(code), state: (live) => this.#state(live),
    }, signal);
    this.title = el('h1', { tabindex: -1, 'data-test': 'title' });
    this.about = el('p', { class: 'about' });
    this.presence = el('div', { class: 'presence', role: 'status', 'data-test': 'presence' });
    this.state = el('p', { class: 'stale', role: 'status', 'data-test': 'live', hidden: true });
    this.earlier = el('div', { class: 'earlier', hidden: true, 'data-test': 'earlier-thread' });
    this.element = el('div', { class: 'view', 'data-test': 'view' },
      el('header', { class: 'top' },
        back && button('back', t('back'), back, { shape: 'back', quiet: true }),
        el('div', { class: 'title' }, this.title, this.about,
          el('div', { class: 'now' }, this.presence, this.state)),
        el('div', { class: 'tools' }, keysButton(), themeSwitch(), agentButton())),
      this.cards.element,
      el('main', {}, this.thread.element, this.earlier, this.notices.element, this.composer.undo.element,
        this.composer.element));
  }

  /// Loads the conversation and keeps it live; throws the problem where it cannot be loaded.
  async open(place) {
    const data = await get(this.base);
    fill(place, this.element);
    this.#apply(data);
    this.live.start();
  }

  /// Ends all that outlives the elements, and keeps what is written.
  close() {
    this.#past?.abort();
    this.#closing.abort();
    return this.composer.stop();
  }

  /// Asks anew; calls that come meanwhile make one more round together.
  refresh() {
    this.#again = true;
    this.#running ??= this.#rounds().finally(() => { this.#running = null; });
    return this.#running;
  }

  /// After a new login, or when the bridge is back.
  resume() {
    this.live.start();
    return this.refresh();
  }

  focus() {
    this.#away = false;
    this.#unread = 0;
    this.host.attention(0);
    this.live.look(true);
    this.refresh();
  }

  blur() {
    this.#away = true;
    this.live.look(false);
    return this.composer.flush();
  }

  async #rounds() {
    while (this.#again) {
      this.#again = false;
      try {
        const { edits } = this.composer;
        const data = await get(this.base);
        if (this.#closing.signal.aborted) return;
        this.#apply(data, edits);
        // It may have been lost before.
        this.notices.hide('lost');
        this.live.start();
      } catch (problem) {
        if (problem.code === 'not_found') this.#ended('not_found');
        if (!problem.code) throw problem;
      }
    }
  }

  #apply(data, edits) {
    this.#data = data;
    this.#since = Date.now();
    const { thread, conversation } = data;
    fill(this.title, foreign(thread.subject || t('noSubject')));
    document.title = `${data.customer.name || data.customer.email || ''} – ${thread.subject ?? ''}`;
    fill(this.about,
      this.#badge(data),
      ' ', foreign(thread.shop_name || thread.shop),
      conversation?.queue?.name && [' · ', foreign(conversation.queue.name)],
      ' · ', time(thread.since, 'relative'), this.#recreate(data));
    this.cards.update(data);
    const { arrived, failed } = this.thread.update(data, thread.subject);
    for (const message of data.messages) if (!hasFailed(message)) this.notices.hide(`failed-${message.id}`);
    failed.forEach((answer) => this.#failed(answer));
    this.#arrived(arrived.filter(({ direction }) => direction === 'customer'));
    this.composer.update(data, edits);
  }

  /// An answer that the shop refused has answered nobody.
  #badge({ thread, messages }) {
    const last = messages.findLast(({ direction, delivery }) => (
      ['customer', 'staff'].includes(direction) && !delivery?.withdrawn));
    const failed = thread.status !== 'closed' && last && hasFailed(last);
    return el('span', { class: failed ? 'badge bad' : 'badge', 'data-test': 'status' },
      t(failed ? `delivery_${last.delivery.state}` : `status_${thread.status}`));
  }

  #failed({ id, delivery }) {
    const key = `failed-${id}`;
    const why = [t(`delivery_${delivery.state}`), delivery.reason].filter(Boolean).join(': ');
    const act = (test, label, work, kind) => button(test, t(label), () => {
      this.notices.hide(key);
      return work();
    }, { kind });
    const again = () => retry(this.base, id)
      .catch((problem) => this.notices.problem(key, words(problem))).then(() => this.refresh());
    this.notices.problem(key, `${t('notReached')} ${why}`, [
      act('read-failed', 'goThere', () => this.thread.jump(id)),
      delivery.retry && act('retry-failed', 'tryAgain', again, 'primary'),
    ].filter(Boolean));
    this.host.toast(t('notReached'), why, { type: 'error', id: key });
  }

  #arrived(messages) {
    if (!messages.length) return;
    const newest = messages.at(-1);
    if (!this.composer.editors.answer.empty) this.composer.wroteAgain(newest.id);
    if (!this.#away) return;
    this.#unread += messages.length;
    this.host.attention(this.#unread);
    this.host.toast(t('new_customer', { name: nameOf(authorOf(newest, this.#data.customer)) }),
      this.#data.thread.subject ?? '', { id: 'new-message' });
  }

  #present(agents) {
    fill(this.presence, agents.map((agent) => el('span', { class: agent.writing ? 'writing' : null },
      icon(agent.writing ? 'pen' : 'eye'),
      el('span', { dir: 'auto' },
        t(agent.writing ? 'isWriting' : 'isLooking', { name: nameOf(agent) })))));
  }

  #state(live) {
    clearTimeout(this.#gap);
    const since = clock(this.#since);
    const tell = () => {
      show(this.state, !live);
      show(this.presence, live);
      this.state.textContent = live ? '' : t('reconnecting', { time: since });
    };
    // A line that is back at once is not worth a word.
    if (live) tell();
    else this.#gap = setTimeout(tell, 2_000);
    // After a gap nobody knows what was missed; and where only the stream fails, this still sees it.
    this.refresh();
  }

  #ended(code) {
    if (code === 'signed_out') return this.refresh();
    if (!this.#data) return;
    this.live.stop();
    // Nothing may be done any more.
    const none = {};
    this.composer.update({ ...this.#data, may: none, why: 'lost' });
    this.cards.update({ ...this.#data, may: none });
    return this.notices.show('lost', t('lost'), {
      kind: 'warning', actions: [button('look-again', t('tryAgain'), () => this.refresh())],
    });
  }

  #recreate({ may }) {
    const again = () => recreate(this.base, this.notices).then(() => this.refresh());
    return may.recreate && button('recreate', t('recreate'), again, { kind: 'small' });
  }

  async #openEarlier({ key, subject }) {
    // A supervisor sees it as any other thread, an agent as one of their customer's.
    const thread = encodeURIComponent(key);
    const [path, pages] = this.base.startsWith('threads/')
      ? [`threads/${encodeURIComponent(this.#data.thread.shop)}/${thread}`, '/messages']
      : [`${this.base}/earlier/${thread}`, ''];
    const load = (id) => get(path + (id ? `${pages}?before=${encodeURIComponent(id)}` : ''));
    try {
      this.#from = document.activeElement;
      const past = await load();
      this.#past?.abort();
      this.#past = new AbortController();
      const { signal } = this.#past;
      const shown = new Thread({ page: load, signal, id: 'earlier-messages' });
      const close = button('close-earlier', t('backToThread'), () => this.closeEarlier(),
        { shape: 'back' });
      this.past = shown;
      fill(this.earlier, el('div', { class: 'line' }, close, foreign(subject || t('noSubject'), 'h2'),
        el('span', { class: 'quiet' }, t('readOnly'))), shown.element);
      show(this.earlier, true);
      show(this.thread.element, false);
      if (matchMedia('(max-width: 44.99em)').matches) this.cards.details.open = false;
      shown.update({ customer: this.#data.customer, ...past }, subject);
      close.focus();
    } catch (problem) {
      this.notices.problem('earlier', words(problem));
    }
  }

  closeEarlier() {
    if (this.earlier.hidden) return;
    this.#past.abort();
    this.past = null;
    // Whoever writes meanwhile goes on writing; whoever read it is back where it was opened.
    const reading = !this.composer.element.contains(document.activeElement);
    this.earlier.replaceChildren();
    show(this.earlier, false);
    show(this.thread.element, true);
    if (reading) (this.#from.checkVisibility?.() ? this.#from : this.thread.scroller).focus();
  }
}
