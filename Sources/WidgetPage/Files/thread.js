import { announce, button, el, show } from './dom.js';
import { authorOf, nameOf } from './format.js';
import { hasFailed, MessageView } from './message.js';
import { words } from './trouble.js';
import { t } from './words.js';

const nearEnd = 48;
// A message that has just slid into view has not been read yet.
const readWithin = 1_000;
// The page scrolls then, not the messages within it.
const low = matchMedia('(max-height: 26em)');

/// The messages, oldest first. Updates touch only what changed, and move the reader only if they were
/// at the end.
export class Thread {
  #views = new Map();
  #fresh = 0;
  #older = null;
  #awaited = null;
  #following = true;
  #timer = null;
  #height = 0;
  #list = el('ol', { class: 'messages', 'data-test': 'messages' });
  #empty = el('p', { class: 'quiet empty', hidden: true }, t('noMessages'));
  #more = button('older', t('older'), () => this.#loadOlder(), { hidden: true });
  #told = el('p', { class: 'problem', role: 'alert', 'data-test': 'older-problem' });
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
    }, this.#more, this.#told, this.#empty, this.#list);
    this.element = el('div', { class: 'thread' }, this.scroller, this.#jump);
    document.addEventListener('visibilitychange', () => this.#look(), { signal });
    // What comes up around the messages scrolls them too, and before it is told to the observer.
    const moved = ({ target }) => [document, this.scroller].includes(target)
      && this.scroller.clientHeight === this.#height && this.#moved();
    document.addEventListener('scroll', moved, { capture: true, signal });
    addEventListener('resize', () => this.#soon(), { signal });
    new ResizeObserver(() => {
      this.#height = this.scroller.clientHeight;
      // What comes up around the messages must not cover the last of them.
      if (this.#following && !low.matches) this.toEnd();
      this.#soon();
    }).observe(this.scroller);
  }

  get #hidden() { return this.scroller.clientHeight === 0; }

  /// What of the window shows messages, from top to bottom.
  get #sight() {
    const { top, bottom } = this.scroller.getBoundingClientRect();
    return { top: Math.max(top, 0), bottom: Math.min(bottom, innerHeight) };
  }

  get atEnd() {
    if (this.#hidden) return this.#following;
    return this.#list.getBoundingClientRect().bottom - this.#sight.bottom < nearEnd;
  }

  #moved() {
    this.#following = this.atEnd;
    if (this.#following && !this.#hidden) this.#count(0);
    this.#soon();
  }

  /// Shows the newest messages and says which of them are new, and which of the agent's own answers have not
  /// reached the shop since the last time; on the first call none is.
  update({ messages, older, seen, customer }, subject) {
    Object.assign(this.context, { subject, customer });
    const first = this.#views.size === 0;
    const follow = first || this.atEnd;
    const end = first ? innerHeight : this.#sight.bottom;
    if (first) this.seen = seen ?? null;
    const arrived = messages.filter(({ id }) => !this.#views.has(id));
    const failed = messages.filter((message) => hasFailed(message) && message.delivery.mine
      && this.#views.has(message.id) && !hasFailed(this.#views.get(message.id).message));
    const joined = !first && this.#views.has(messages[0]?.id);
    if (!joined) this.#older = older ?? null;
    this.#place(messages, joined);
    show(this.#more, this.#older !== null);
    show(this.#empty, this.#views.size === 0);
    if (follow) this.toEnd(end);
    if (!first) this.#tell(arrived, follow);
    const newest = messages.findLast(({ direction }) => direction === 'customer');
    if (newest && newest.id !== this.seen) {
      this.#awaited = newest.id;
      this.#soon();
    }
    return { arrived: first ? [] : arrived, failed };
  }

  /// Goes to the message, or to the end.
  jump(id) {
    const element = this.#views.get(id)?.element;
    if (!element) return this.toEnd();
    element.scrollIntoView({ block: 'start' });
    element.focus({ preventScroll: true });
    this.#look();
  }

  /// - Parameter end: where in a low window the messages are to end; what is below is left where it is.
  toEnd(end = innerHeight) {
    this.#following = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
    const below = this.scroller.getBoundingClientRect().bottom - end;
    if (low.matches && below > 0) scrollBy(0, below);
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
      const frame = low.matches ? document.scrollingElement : this.scroller;
      const bottom = frame.scrollHeight - frame.scrollTop;
      let previous = null;
      for (const message of messages) previous = this.#put(message, previous);
      this.#older = older ?? null;
      show(this.#more, this.#older !== null);
      frame.scrollTop = frame.scrollHeight - bottom;
      previous?.focus({ preventScroll: true });
      this.#told.textContent = '';
    } catch (problem) {
      // The button stays, to be pressed again.
      this.#told.textContent = words(problem);
    } finally {
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

  #soon() {
    if (!this.#awaited) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), readWithin);
  }

  #look() {
    const element = this.#awaited && this.#views.get(this.#awaited)?.element;
    if (!element || document.hidden) return;
    const box = element.getBoundingClientRect();
    const { top, bottom } = this.#sight;
    if (this.#hidden || box.top > bottom - 16 || box.bottom < top) return;
    this.seen = this.#awaited;
    this.#awaited = null;
  }
}
