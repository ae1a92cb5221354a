import { button, el, fill, foreign, icon } from './dom.js';
import { day, money, time } from './format.js';
import { linked } from './plain.js';
import { locale, t } from './words.js';

/// Copies a text and says so on the button itself.
export function copyButton(test, text) {
  const node = button(test, t('copy'), async () => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Without leave for the clipboard the old way still works in a click.
      const area = el('textarea', { class: 'unseen' }, text);
      document.body.append(area);
      area.select();
      document.execCommand('copy');
      area.remove();
    }
    node.firstChild.replaceWith(icon('check'));
    node.setAttribute('aria-label', t('copied'));
    node.title = t('copied');
    setTimeout(() => {
      node.firstChild.replaceWith(icon('copy'));
      node.setAttribute('aria-label', t('copy'));
      node.title = t('copy');
    }, 2_000);
    node.focus();
  }, { shape: 'copy', quiet: true });
  return node;
}

function orderLink(order) {
  const name = order.number ?? order.id;
  try {
    const url = new URL(order.url);
    if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new TypeError();
    const link = linked(url, [foreign(name), icon('open')]);
    link.dataset.test = 'order-link';
    return link;
  } catch {
    return foreign(name);
  }
}

const fact = (name, value) => value && [el('dt', {}, name), el('dd', {}, value)];
const status = (text) => text && foreign(text.replaceAll('_', ' '), 'span', { class: 'badge' });

const line = ({ sku, name, quantity, price }, currency) => el('li', {},
  el('span', { class: 'quantity' }, `${quantity ?? 1} ×`),
  el('span', {}, foreign(name ?? sku), sku && name && foreign(sku, 'span', { class: 'quiet sku' })),
  price != null && el('span', { class: 'price' }, money(price, currency)));

function items({ items: list, item_count: count, currency }) {
  if (!list?.length) return null;
  return [
    el('ul', { class: 'items', 'data-test': 'items' }, list.map((item) => line(item, currency))),
    count > list.length && el('p', { class: 'quiet' }, t('moreItems', { count: count - list.length })),
  ];
}

function order(order) {
  const total = order.total != null
    && el('strong', { 'data-test': 'order-total' }, money(order.total, order.currency));
  return [
    el('div', { class: 'line' },
      orderLink(order), copyButton('copy-order', order.number ?? order.id),
      status(order.status), status(order.fulfillment_status)),
    el('dl', { class: 'facts' },
      fact(t('ordered'), order.created_at && time(order.created_at, 'day')),
      fact(t('total'), total)),
    items(order),
  ];
}

function language(tag) {
  try { return new Intl.DisplayNames([locale], { type: 'language' }).of(tag); } catch { return tag; }
}

/// The customer and their order beside the thread; in a narrow pane one line that opens.
export class Cards {
  #summary = el('summary', { 'data-test': 'cards-summary' });
  #body = el('div', { class: 'cards' });
  #shown;

  /// - Parameter signal: aborted when they are shown no more.
  constructor({ openEarlier, writeMail, signal }) {
    Object.assign(this, { openEarlier, writeMail });
    this.details = el('details', { 'data-test': 'cards' }, this.#summary, this.#body);
    this.element = el('aside', { 'aria-label': t('customerAndOrder') }, this.details);
    const wide = matchMedia('(min-width: 45em)');
    const open = () => { this.details.open = wide.matches; };
    wide.addEventListener('change', open, { signal });
    open();
  }

  update(data) {
    const { customer, order: main, orders, earlier, linked: mails, thread, may } = data;
    const shown = JSON.stringify([customer, main, orders, earlier, mails, thread, may.mail]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    fill(this.#summary, icon('person'), foreign(customer.name || customer.email || t('unnamed')),
      main && [icon('cart'), foreign(main.number ?? main.id)],
      main?.total != null && el('span', {}, money(main.total, main.currency)));
    fill(this.#body,
      main && el('section', { 'data-test': 'order' }, el('h2', {}, t('order')), order(main)),
      this.#customer(data),
      orders?.length > 0 && el('section', { 'data-test': 'orders' }, el('details', {},
        el('summary', {}, el('h2', {}, t('otherOrders', { count: orders.length }))),
        orders.map((other) => el('div', { class: 'other' }, order(other))))),
      earlier?.length > 0 && this.#earlier(earlier),
      mails?.length > 0 && this.#mails(mails));
  }

  #customer({ customer, thread, may }) {
    return el('section', { 'data-test': 'customer' }, el('h2', {}, t('customer')),
      el('p', {}, foreign(customer.name || t('unnamed'), 'strong'),
        customer.company && [' · ', foreign(customer.company)]),
      customer.email && el('div', { class: 'line' }, foreign(customer.email, 'span', { class: 'email' }),
        copyButton('copy-email', customer.email)),
      el('dl', { class: 'facts' }, fact(t('phone'), customer.phone && foreign(customer.phone)),
        fact(t('language'), customer.locale && language(customer.locale)),
        fact(t('shop'), foreign(thread.shop_name || thread.shop))),
      may.mail && button('write-mail', t('writeMailInstead'), this.writeMail));
  }

  #earlier(earlier) {
    return el('section', { 'data-test': 'earlier' }, el('h2', {}, t('earlier')),
      el('ul', { class: 'rows' }, earlier.map((thread) => el('li', {},
        el('button', {
          type: 'button', class: 'row-link', 'data-test': 'open-earlier',
          onclick: () => this.openEarlier(thread),
        },
        foreign(thread.subject || t('noSubject'), 'span'),
        el('span', { class: 'quiet' }, `${t(`status_${thread.status}`)} · ${day(thread.since)}`))))));
  }

  #mails(mails) {
    return el('section', { 'data-test': 'linked' }, el('h2', {}, t('linked')),
      el('ul', { class: 'rows' }, mails.map((mail) => el('li', {},
        foreign(mail.subject || t('noSubject'), 'span'),
        el('span', { class: 'quiet' },
          foreign(mail.to), ' · ', foreign(mail.agent?.name ?? ''), ' · ', time(mail.at))))));
  }
}
