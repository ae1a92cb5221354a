import { announce, button, el, show } from './dom.js';
import { authorOf, nameOf } from './format.js';
import { MessageView } from './message.js';
import { t } from './words.js';

const nearEnd = 48;
// A message that has just slid into view has not been read yet.
const readWithin = 1_000;

/// The messages, oldest first. Updates touch only what changed, and move the reader only if they were
/// at the end.
export class Thread {
  #views = new Map();
  #fresh = 0;
  #older = null;
  #awaited = null;
  #following = true;
  #list = el('ol', { class: 'messages', 'data-test': 'messages' });
  #empty = el('p', { class: 'quiet empty', hidden: true }, t('noMessages'));
  #more = button('older', t('older'), () => this.#loadOlder(), { hidden: true });
  #jump = button('new-messages', '', () => this.toEnd(), { shape: 'down', kind: 'jump', hidden: true });

  /// The newest message of the customer that was before the reader's eyes.
  seen = null;

  /// - Parameter page: gives the messages before an id, as `{messages, older}`.
  /// - Parameter signal: aborted when the thread is shown no more.
  constructor({ base, refresh, page, signal, id = 'thread' }) {
    this.context = { base, refresh };
    this.page = page;
    this.scroller = el('div', {
      class: 'scroller', id, tabindex: 0, role: 'region', 'aria-label': t('thread'), 'data-test': 'thread',
      onscroll: () => {
        this.#following = this.atEnd;
        if (this.#following) this.#count(0);
      },
    }, this.#more, this.#empty, this.#list);
    this.element = el('div', { class: 'thread' }, this.scroller, this.#jump);
    this.watch = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) setTimeout(() => this.#look(), readWithin);
    }, { root: this.scroller, rootMargin: '0px 0px -16px 0px' });
    document.addEventListener('visibilitychange', () => this.#look(), { signal });
    // What comes up around the messages must not cover the last of them.
    new ResizeObserver(() => { if (this.#following) this.toEnd(); }).observe(this.scroller);
  }

  get atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight < nearEnd;
  }

  /// Shows the newest messages and says which of them are new; on the first call none is.
  update({ messages, older, seen, customer }, subject) {
    Object.assign(this.context, { subject, customer });
    const first = this.#views.size === 0;
    const follow = first || this.atEnd;
    if (first) this.seen = seen ?? null;
    const arrived = messages.filter(({ id }) => !this.#views.has(id));
    const joined = !first && this.#views.has(messages[0]?.id);
    if (!joined) this.#older = older ?? null;
    this.#place(messages, joined);
    show(this.#more, this.#older !== null);
    show(this.#empty, this.#views.size === 0);
    if (follow) this.toEnd();
    if (!first) this.#tell(arrived, follow);
    const newest = messages.findLast(({ direction }) => direction === 'customer');
    if (newest && newest.id !== this.seen) this.#await(newest.id);
    return first ? [] : arrived;
  }

  /// Goes to the message, or to the end.
  jump(id) {
    const element = this.#views.get(id)?.element;
    if (!element) return this.toEnd();
    element.scrollIntoView({ block: 'start' });
    element.focus({ preventScroll: true });
    this.#look();
  }

  toEnd() {
    this.#following = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.#count(0);
  }

  /// Moves the focus to the message after (1) or before (-1) the one that has it.
  step(by) {
    const items = [...this.#list.children];
    const at = items.indexOf(document.activeElement?.closest?.('.message'));
    const next = at < 0 ? items.at(-1) : items[Math.min(Math.max(at + by, 0), items.length - 1)];
    next?.focus();
  }

  #place(messages, joined) {
    const ids = new Set(messages.map(({ id }) => id));
    const start = joined ? this.#views.get(messages[0].id).element : null;
    for (const [id, { element }] of this.#views) {
      const earlier = start && start.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_PRECEDING;
      if (ids.has(id) || earlier) continue;
      element.remove();
      this.#views.delete(id);
    }
    let previous = start?.previousSibling ?? null;
    for (const message of messages) {
      previous = this.#put(message, previous);
    }
  }

  #put(message, previous) {
    let view = this.#views.get(message.id);
    if (view) view.update(message, this.context);
    else this.#views.set(message.id, view = new MessageView(message, this.context));
    const expected = previous ? previous.nextSibling : this.#list.firstChild;
    // What is in its place is not moved: that would lose the focus and the selection.
    if (expected !== view.element) this.#list.insertBefore(view.element, expected);
    return view.element;
  }

  async #loadOlder() {
    this.#more.disabled = true;
    try {
      const { messages, older } = await this.page(this.#older);
      const bottom = this.scroller.scrollHeight - this.scroller.scrollTop;
      let previous = null;
      for (const message of messages) previous = this.#put(message, previous);
      this.#older = older ?? null;
      show(this.#more, this.#older !== null);
      this.scroller.scrollTop = this.scroller.scrollHeight - bottom;
      previous?.focus({ preventScroll: true });
    } catch { /* the button stays, to be pressed again */ } finally {
      this.#more.disabled = false;
    }
  }

  #tell(arrived, follow) {
    const others = arrived.filter(({ direction, delivery }) => direction !== 'system' && !delivery?.mine);
    for (const message of others) {
      const name = nameOf(authorOf(message, this.context.customer));
      announce(t(`new_${message.direction}`, { name }));
    }
    if (!follow) this.#count(this.#fresh + others.length);
  }

  #count(count) {
    this.#fresh = count;
    this.#jump.lastChild.textContent = t('newMessages', { count });
    show(this.#jump, count > 0);
  }

  #await(id) {
    this.#awaited = id;
    this.watch.disconnect();
    this.watch.observe(this.#views.get(id).element);
  }

  #look() {
    const element = this.#awaited && this.#views.get(this.#awaited)?.element;
    if (!element || document.hidden) return;
    const box = element.getBoundingClientRect();
    const frame = this.scroller.getBoundingClientRect();
    if (frame.height === 0 || box.top > frame.bottom - 16 || box.bottom < frame.top) return;
    this.seen = this.#awaited;
    this.#awaited = null;
    this.watch.disconnect();
  }
}
