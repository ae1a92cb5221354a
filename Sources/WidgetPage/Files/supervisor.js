import { agentButton } from './agent.js';
import { get } from './api.js';
import { button, el, fill, foreign, icon, show } from './dom.js';
import { recreate } from './finish.js';
import { clock, nameOf, time } from './format.js';
import { bind, keysButton } from './keys.js';
import { Notices } from './notices.js';
import { themeSwitch } from './theme.js';
import { words } from './trouble.js';
import { locale, t } from './words.js';

const views = ['waiting', 'unanswered', 'refused', 'open'];
const every = 15_000;

/// The supervisor's lists: who waits, what is unanswered, what shops refused, what is open.
export class Supervisor {
  #chosen = 'waiting';
  #pages = 1;
  #number = 0;
  #left = null;
  #loading = false;

  /// - Parameter open: called with the thread to show.
  constructor({ open }) {
    this.open = open;
    this.notices = new Notices();
    this.tabs = views.map((view) => button(`tab-${view}`, t(`view_${view}`), () => this.choose(view), {
      role: 'tab', id: `tab-${view}`, 'aria-controls': 'thread',
    }));
    for (const tab of this.tabs) {
      tab.append(el('span', { class: 'badge', hidden: true, 'data-test': 'count' }));
    }
    this.told = el('span', { role: 'status', 'data-test': 'list-state' });
    // Of no interest to the ear.
    this.asOf = el('span', { 'data-test': 'as-of' });
    this.list = el('ul', { class: 'threads', 'data-test': 'threads' });
    this.next = button('more', t('more'), () => this.#further(), { hidden: true });
    this.element = el('div', { class: 'view supervisor', 'data-test': 'supervisor' },
      el('header', { class: 'top' }, el('div', { class: 'title' }, el('h1', {}, t('conversations'))),
        el('div', { class: 'tools' }, keysButton(), themeSwitch(), agentButton())),
      el('main', {},
        el('div', { class: 'modes' }, el('div', {
          role: 'tablist', 'aria-label': t('lists'), onkeydown: (event) => this.#arrow(event),
        }, this.tabs)),
        this.notices.element,
        this.scroller = el('div', { class: 'scroller', id: 'thread', role: 'tabpanel', tabindex: 0 },
          el('p', { class: 'quiet' }, this.told, ' ', this.asOf), this.list, this.next)));
    const again = () => {
      if (!document.hidden && this.element.isConnected && !this.#loading) this.#load();
    };
    setInterval(again, every);
    document.addEventListener('visibilitychange', again);
  }

  show(place) {
    fill(place, this.element);
    // Back from a thread it stands as it was left.
    if (this.#left) {
      this.scroller.scrollTop = this.#left.top;
      (this.list.querySelector(`[data-test="${CSS.escape(this.#left.row)}"]`) ?? this.scroller).focus();
    }
    this.choose();
    bind({
      j: () => this.#step(1), k: () => this.#step(-1),
    });
  }

  choose(view = this.#chosen) {
    if (view !== this.#chosen) {
      fill(this.list);
      this.#pages = 1;
    }
    this.#chosen = view;
    this.tabs.forEach((tab, index) => {
      const chosen = views[index] === view;
      if (!chosen) show(tab.lastChild, false);
      tab.setAttribute('aria-selected', String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
      if (chosen) this.scroller.setAttribute('aria-labelledby', tab.id);
    });
    return this.#load();
  }

  /// The first pages of the list, as many as are shown.
  async #pagesOf(view) {
    const found = { threads: [], hidden: 0, after: null };
    for (let page = 0; page < this.#pages; page += 1) {
      const query = new URLSearchParams({ view, ...(page && { after: found.after }) });
      const { threads, hidden, after = null } = await get(`threads?${query}`);
      found.threads.push(...threads);
      found.hidden += hidden;
      found.after = after;
      if (after === null) break;
    }
    return found;
  }

  async #further() {
    const shown = this.list.children.length;
    this.#pages += 1;
    await this.#load();
    this.list.children[shown]?.firstChild.focus({ preventScroll: true });
  }

  async #load() {
    const number = this.#number += 1;
    this.#loading = true;
    try {
      const { threads, after, hidden } = await this.#pagesOf(this.#chosen);
      if (number !== this.#number) return;
      fill(this.list, threads.map((thread) => this.#row(thread)));
      show(this.next, after !== null);
      const count = this.tabs[views.indexOf(this.#chosen)].lastChild;
      count.textContent = threads.length.toLocaleString(locale) + (after === null ? '' : '+');
      show(count, true);
      const parts = [
        !threads.length && t(`none_${this.#chosen}`), hidden > 0 && t('hidden', { count: hidden }),
      ];
      const told = parts.filter(Boolean).join(' · ');
      if (told !== this.told.textContent) this.told.textContent = told;
      this.asOf.textContent = t('asOf', { time: clock(Date.now()) });
      this.notices.hide('list');
    } catch (problem) {
      if (number === this.#number && problem.status !== 401) this.notices.problem('list', words(problem));
    } finally {
      if (number === this.#number) this.#loading = false;
    }
  }

  #row(thread) {
    const { shop, key, subject, customer, status, since, queue, agent, reason } = thread;
    const name = `${shop}/${key}`;
    const base = `threads/${encodeURIComponent(shop)}/${encodeURIComponent(key)}`;
    // Elsewhere Genesys may have a live conversation for it.
    const again = this.#chosen === 'unanswered';
    const place = [thread.shop_name || shop, queue?.name ?? queue, agent && nameOf(agent)].filter(Boolean);
    return el('li', { class: 'thread-row', 'data-test': 'thread-row', 'data-key': name },
      el('button', {
        type: 'button', class: 'row-link', 'data-test': `open-${name}`,
        onclick: () => {
          this.#left = { top: this.scroller.scrollTop, row: `open-${name}` };
          return this.open(base);
        },
      },
      el('span', { class: 'line' },
        foreign(typeof customer === 'string' ? customer : nameOf(customer), 'strong'),
        el('span', { class: `badge ${status}` }, t(`status_${status}`)), time(since, 'relative')),
      foreign(subject || t('noSubject'), 'span', { class: 'subject' }),
      el('span', { class: 'quiet' },
        place.map((part, index) => [index > 0 && ' · ', foreign(part)])),
      reason && el('span', { class: 'reason' }, icon('warning'), foreign(reason))),
      again && button(`recreate-${name}`, t('recreate'),
        () => recreate(base, this.notices).then(() => this.#load()), { kind: 'small' }));
  }

  #step(by) {
    const links = [...this.list.querySelectorAll('.row-link')];
    const at = links.indexOf(document.activeElement);
    links[Math.min(Math.max(at + by, 0), links.length - 1)]?.focus();
  }

  #arrow(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by) return;
    const next = (views.indexOf(this.#chosen) + by + views.length) % views.length;
    this.choose(views[next]);
    this.tabs[next].focus();
  }
}
