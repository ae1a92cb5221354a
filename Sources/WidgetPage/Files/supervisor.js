import { agentButton } from './agent.js';
import { get, post } from './api.js';
import { ask } from './dialog.js';
import { button, el, fill, foreign, icon, show } from './dom.js';
import { clock, nameOf, time } from './format.js';
import { bind, keysButton } from './keys.js';
import { Notices } from './notices.js';
import { themeSwitch } from './theme.js';
import { words } from './trouble.js';
import { t } from './words.js';

const views = ['waiting', 'unanswered', 'refused', 'open'];
const every = 15_000;

/// The supervisor's lists: who waits, what is unanswered, what shops refused, what is open.
export class Supervisor {
  #chosen = 'waiting';
  #after = null;
  #more = false;
  #number = 0;

  /// - Parameter open: called with the thread to show.
  constructor({ open }) {
    this.open = open;
    this.notices = new Notices();
    this.tabs = views.map((view) => button(`tab-${view}`, t(`view_${view}`), () => this.choose(view), {
      role: 'tab', id: `tab-${view}`, 'aria-controls': 'thread',
    }));
    this.told = el('p', { class: 'quiet', role: 'status', 'data-test': 'list-state' });
    this.list = el('ul', { class: 'threads', 'data-test': 'threads' });
    this.next = button('more', t('more'), () => this.#load(true), { hidden: true });
    this.element = el('div', { class: 'view supervisor', 'data-test': 'supervisor' },
      el('header', { class: 'top' }, el('div', { class: 'title' }, el('h1', {}, t('conversations'))),
        el('div', { class: 'tools' }, keysButton(), themeSwitch(), agentButton())),
      el('main', {},
        el('div', { class: 'modes' }, el('div', {
          role: 'tablist', 'aria-label': t('lists'), onkeydown: (event) => this.#arrow(event),
        }, this.tabs)),
        this.notices.element,
        el('div', { class: 'scroller', id: 'thread', role: 'tabpanel', tabindex: 0 },
          this.told, this.list, this.next)));
    setInterval(() => {
      if (!document.hidden && this.element.isConnected && !this.#more) this.#load();
    }, every);
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden && this.element.isConnected && !this.#more) this.#load();
    });
  }

  show(place) {
    fill(place, this.element);
    this.choose();
    bind({
      j: () => this.#step(1), k: () => this.#step(-1),
    });
  }

  choose(view = this.#chosen) {
    if (view !== this.#chosen) fill(this.list);
    this.#chosen = view;
    this.#more = false;
    this.tabs.forEach((tab, index) => {
      const chosen = views[index] === view;
      tab.setAttribute('aria-selected', String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
      if (chosen) this.element.querySelector('#thread').setAttribute('aria-labelledby', tab.id);
    });
    return this.#load();
  }

  async #load(further = false) {
    const number = this.#number += 1;
    const query = new URLSearchParams({ view: this.#chosen });
    if (further && this.#after) query.set('after', this.#after);
    try {
      const { threads, after, hidden } = await get(`threads?${query}`);
      if (number !== this.#number) return;
      const rows = threads.map((thread) => this.#row(thread));
      this.#after = after;
      // What was asked for page by page is left as it is; else a refresh would take it away.
      this.#more = further;
      if (further) this.list.append(...rows);
      else fill(this.list, rows);
      show(this.next, after !== null && after !== undefined);
      const parts = [
        !this.list.hasChildNodes() && t(`none_${this.#chosen}`),
        hidden > 0 && t('hidden', { count: hidden }),
        t('asOf', { time: clock(Date.now()) }),
      ];
      this.told.textContent = parts.filter(Boolean).join(' · ');
      this.notices.hide('list');
    } catch (problem) {
      if (number === this.#number && problem.status !== 401) this.notices.problem('list', words(problem));
    }
  }

  #row(thread) {
    const { shop, key, subject, customer, status, since, queue, agent, reason } = thread;
    const name = `${shop}/${key}`;
    // Elsewhere Genesys may have a live conversation for it.
    const again = this.#chosen === 'unanswered';
    const place = [thread.shop_name || shop, queue?.name ?? queue, agent && nameOf(agent)].filter(Boolean);
    return el('li', { class: 'thread-row', 'data-test': 'thread-row', 'data-key': name },
      el('button', {
        type: 'button', class: 'row-link', onclick: () => this.open(thread), 'data-test': `open-${name}`,
      },
      el('span', { class: 'line' },
        foreign(typeof customer === 'string' ? customer : nameOf(customer), 'strong'),
        el('span', { class: `badge ${status}` }, t(`status_${status}`)), time(since, 'relative')),
      foreign(subject || t('noSubject'), 'span', { class: 'subject' }),
      el('span', { class: 'quiet' },
        place.map((part, index) => [index > 0 && ' · ', foreign(part)])),
      reason && el('span', { class: 'reason' }, icon('warning'), foreign(reason))),
      again && button(`recreate-${name}`, t('recreate'), () => this.#recreate(thread),
        { kind: 'small' }));
  }

  async #recreate({ shop, key }) {
    const sure = await ask('recreate-dialog', t('recreate'), el('p', {}, t('recreateHint')),
      [{ test: 'confirm-recreate', label: t('recreate'), value: () => true }]);
    if (!sure) return;
    try {
      await post(`threads/${encodeURIComponent(shop)}/${encodeURIComponent(key)}/recreate`);
      this.notices.show('recreate', t('recreated'));
    } catch (problem) {
      this.notices.problem('recreate', words(problem));
    }
    this.#load();
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
