import { get } from './api.js';
import { button, el, fill, foreign, show } from './dom.js';
import { words } from './trouble.js';
import { t } from './words.js';

const pause = 200;

/// The queue's ready-made answers: a search whose results are gone through with the arrow keys.
export class Replies {
  #found = [];
  #at = 0;
  #timer = null;
  #asked = 0;

  /// - Parameter chosen: called with the text, its placeholders filled in.
  constructor(base, chosen) {
    Object.assign(this, { base, chosen });
    this.list = el('ul', { role: 'listbox', id: 'replies', 'aria-label': t('replies') });
    this.told = el('p', { class: 'quiet', role: 'status' });
    this.search = el('input', {
      type: 'search', role: 'combobox', 'aria-label': t('searchReplies'), placeholder: t('searchReplies'),
      'aria-expanded': 'true', 'aria-controls': 'replies', 'aria-autocomplete': 'list', autocomplete: 'off',
      'data-test': 'reply-search',
      oninput: () => {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#ask(), pause);
      },
    });
    this.panel = el('div', {
      class: 'replies', hidden: true, 'data-test': 'replies', onkeydown: (event) => this.#key(event),
    },
      el('div', { class: 'line' }, this.search,
        button('close-replies', t('close'), () => this.toggle(false), { shape: 'close', quiet: true })),
      this.told, this.list);
    this.opener = button('open-replies', t('replies'), () => this.toggle(this.panel.hidden),
      { shape: 'replies', 'aria-label': t('replies'), title: t('replies'), 'aria-expanded': 'false' });
  }

  toggle(open) {
    show(this.panel, open);
    this.opener.setAttribute('aria-expanded', String(open));
    if (!open) return this.opener.focus();
    this.search.focus();
    this.#ask();
  }

  async #ask() {
    const number = this.#asked += 1;
    this.told.textContent = t('searching');
    try {
      const { replies, why } = await get(`${this.base}/replies?q=${encodeURIComponent(this.search.value)}`);
      if (number !== this.#asked) return;
      this.#found = replies;
      this.told.textContent = why ? t(`replies_${why}`) : replies.length ? '' : t('noReplies');
    } catch (problem) {
      if (number !== this.#asked) return;
      this.#found = [];
      this.told.textContent = words(problem);
    }
    this.#at = 0;
    fill(this.list, this.#found.map((reply, index) => el('li', {
      role: 'option', id: `reply-${index}`, 'data-test': 'reply', onclick: () => this.#choose(index),
    }, foreign(reply.name, 'strong'), reply.library && foreign(reply.library, 'span', { class: 'quiet' }),
    foreign(reply.text, 'p'))));
    this.#mark();
  }

  #mark() {
    [...this.list.children].forEach((item, index) => {
      item.setAttribute('aria-selected', String(index === this.#at));
      if (index === this.#at) item.scrollIntoView({ block: 'nearest' });
    });
    if (this.#found.length) this.search.setAttribute('aria-activedescendant', `reply-${this.#at}`);
    else this.search.removeAttribute('aria-activedescendant');
  }

  #key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const searching = event.target === this.search && this.#found.length > 0;
    if (step && searching) {
      this.#at = (this.#at + step + this.#found.length) % this.#found.length;
      this.#mark();
    } else if (event.key === 'Enter' && searching) this.#choose(this.#at);
    else if (event.key === 'Escape') this.toggle(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #choose(index) {
    this.toggle(false);
    this.chosen(this.#found[index].text);
  }
}
