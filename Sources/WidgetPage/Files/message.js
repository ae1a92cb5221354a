import { call, post } from './api.js';
import { bearer } from './bearer.js';
import { button, el, fill, foreign, icon } from './dom.js';
import { authorOf, nameOf, size, time } from './format.js';
import { rebuilt, trailingQuote } from './markup.js';
import { folded, linked, paragraphs } from './plain.js';
import { words } from './trouble.js';
import { t } from './words.js';

export function body(message) {
  if (message.body_type !== 'html') return paragraphs(message.body ?? '');
  const rich = rebuilt(message.body ?? '');
  rich.dir = 'auto';
  const quote = trailingQuote(rich);
  if (quote) {
    const fold = folded([]);
    quote.replaceWith(fold);
    fold.lastChild.append(...quote.childNodes);
  }
  return rich;
}

/// The bridge's own file needs our session; where that is no cookie the file is fetched and handed on.
async function fetched(event, { url, name }) {
  event.preventDefault();
  // However long it takes.
  const { signal } = new AbortController();
  const blob = await (await call('GET', url, { signal })).blob();
  const address = URL.createObjectURL(blob);
  el('a', { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

function attachment(file) {
  const about = [file.content_type, file.size != null && size(file.size)].filter(Boolean).join(' · ');
  const label = [icon('clip'), foreign(file.name, 'span'), el('span', { class: 'quiet' }, about)];
  const told = el('span', { class: 'problem', role: 'alert' });
  const hand = (event) => fetched(event, file).then(() => '', words).then((text) => fill(told, text));
  let link = null;
  if (file.url?.startsWith('/widget/api/')) {
    link = el('a', {
      href: file.url, download: file.name,
      onclick: bearer ? hand : null,
    }, label);
  } else {
    try {
      const url = new URL(file.url);
      if (url.protocol === 'https:' || url.protocol === 'http:') link = linked(url, label);
    } catch { /* a file without an address is named, and that is all */ }
  }
  return el('li', { 'data-test': 'attachment' }, link ?? el('span', {}, label), link && told);
}

const signs = {
  pending: 'clock', sending: 'clock', in_doubt: 'clock', delivered: 'check', held: 'warning',
  dead: 'warning', discarded: 'close', withdrawn: 'undo',
};

/// Whether the shop does not have the answer, and will not get it by itself.
export const hasFailed = ({ delivery: state }) =>
  ['dead', 'held'].includes(state?.state) && !state.withdrawn;

/// Has an answer that the shop refused tried again.
export const retry = (base, id) => post(`${base}/messages/${encodeURIComponent(id)}/retry`);

/// Whether the shop has the answer; of a refusal its own words, and what can be done.
function delivery({ id, delivery: state }, base, refresh) {
  if (!state) return null;
  const kind = state.withdrawn ? 'withdrawn' : state.state;
  const told = el('span', { class: 'problem', role: 'alert' });
  const again = state.retry && base && button('retry', t('tryAgain'), async () => {
    again.disabled = true;
    try {
      await retry(base, id);
      await refresh();
    } catch (problem) {
      told.textContent = words(problem);
      again.disabled = false;
    }
  });
  return [
    el('span', { class: `state ${kind}`, 'data-test': 'delivery', 'data-state': kind },
      icon(signs[kind] ?? 'clock'), el('span', {}, t(`delivery_${kind}`))),
    state.reason && !state.withdrawn && foreign(state.reason, 'span', { class: 'reason' }), again, told,
  ];
}

/// A message of the thread. What can change of it is patched in place, so that reading and selecting
/// in it is not disturbed.
export class MessageView {
  #foot = el('div', { class: 'foot' });
  #content;
  #delivery;

  constructor(message, context) {
    this.element = el('li', {
      class: `message ${message.direction}`, tabindex: -1, 'data-id': message.id,
      'data-test': 'message', 'data-direction': message.direction,
    });
    this.update(message, context);
  }

  update(message, context) {
    const { delivery: state, ...rest } = message;
    const content = JSON.stringify(rest);
    if (content !== this.#content) {
      this.#content = content;
      fill(this.element, this.#article(message, context));
    }
    if (JSON.stringify(state) !== this.#delivery) {
      this.#delivery = JSON.stringify(state);
      fill(this.#foot, delivery(message, context.base, context.refresh));
      this.element.classList.toggle('withdrawn', state?.withdrawn ?? false);
    }
    this.message = message;
  }

  #article(message, { subject, customer }) {
    const { direction } = message;
    const author = authorOf(message, customer);
    const name = nameOf(author);
    const own = message.subject && message.subject !== subject;
    return el('article', { 'aria-label': `${t(`by_${direction}`)}: ${name}` },
      el('header', {},
        direction === 'note' && el('span', { class: 'label' }, icon('note'), t('by_note')),
        author || direction !== 'system' ? foreign(name, 'strong') : el('strong', {}, t('by_system')),
        direction === 'staff' && el('span', { class: 'quiet' }, t('by_staff')),
        time(message.at)),
      own && foreign(message.subject, 'p', { class: 'subject' }),
      el('div', { class: 'text', 'data-test': 'body' }, body(message)),
      message.attachments?.length > 0
        && el('ul', { class: 'files', 'aria-label': t('attachments') }, message.attachments.map(attachment)),
      this.#foot);
  }
}
