import { now } from './api.js';
import { el } from './dom.js';
import { locale, t } from './words.js';

const dates = new Map();
function formatter(options) {
  const key = JSON.stringify(options);
  if (!dates.has(key)) dates.set(key, new Intl.DateTimeFormat(locale, options));
  return dates.get(key);
}
const full = { dateStyle: 'full', timeStyle: 'medium' };
const sameDay = (one, other) => one.toDateString() === other.toDateString();

export const clock = (at) => formatter({ timeStyle: 'short' }).format(new Date(at));

/// A date without a time, as an order has one.
export const day = (at) => formatter({ dateStyle: 'medium' }).format(new Date(at));

/// Today by the clock, this year by day and month, else in full.
function short(at) {
  const date = new Date(at);
  const today = new Date(now());
  if (sameDay(date, today)) return clock(at);
  const year = date.getFullYear() === today.getFullYear() ? undefined : 'numeric';
  return formatter({ day: 'numeric', month: 'short', year, hour: 'numeric', minute: '2-digit' })
    .format(date);
}

const midnight = (at) => new Date(at).setHours(0, 0, 0, 0);

/// How long ago: within a day by the clock, else by the calendar.
function relative(at) {
  const minutes = Math.floor((now() - Date.parse(at)) / 60_000);
  if (minutes < 1) return t('justNow');
  const hours = Math.floor(minutes / 60);
  const days = Math.round((midnight(now()) - midnight(at)) / 86_400_000);
  const [ago, unit] = hours >= 24 ? [days, 'day'] : hours ? [hours, 'hour'] : [minutes, 'minute'];
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-ago, unit);
}

const styles = { short, relative, day };

/// A time in the reader's zone, in full on hover; what is said relative to now is kept fresh.
export function time(at, style = 'short') {
  const date = new Date(at ?? NaN);
  if (Number.isNaN(date.getTime())) return el('span', {}, '–');
  return el('time', {
    datetime: date.toISOString(), title: formatter(full).format(date), 'data-style': style,
  }, styles[style](date.toISOString()));
}

setInterval(() => {
  for (const node of document.querySelectorAll('time[data-style]')) {
    const text = styles[node.dataset.style](node.dateTime);
    if (node.textContent !== text) node.textContent = text;
  }
}, 30_000);

/// An amount of money with each digit it came with: it is never rounded, and shown as it is where the
/// browser would change it.
export function money(amount, currency) {
  const text = String(amount ?? '');
  const plain = /^-?\d+(\.(\d+))?$/.exec(text);
  const bare = currency ? `${text} ${currency}` : text;
  if (!plain || !currency) return bare;
  try {
    const usual = new Intl.NumberFormat(locale, { style: 'currency', currency })
      .resolvedOptions().maximumFractionDigits;
    const digits = Math.min(Math.max(usual, plain[2]?.length ?? 0), 20);
    const format = new Intl.NumberFormat(locale, {
      style: 'currency', currency, minimumFractionDigits: digits, maximumFractionDigits: digits,
    });
    const shown = format.formatToParts(text)
      .filter(({ type }) => type === 'integer' || type === 'fraction')
      .map(({ value }) => value).join('');
    const [whole, fraction = ''] = text.replace('-', '').split('.');
    const meant = whole.replace(/^0+(?=\d)/, '') + fraction.padEnd(digits, '0');
    return shown === meant ? format.format(text) : bare;
  } catch {
    return bare;
  }
}

export function size(bytes) {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'];
  const step = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), 3);
  return new Intl.NumberFormat(locale, {
    style: 'unit', unit: units[step], unitDisplay: 'short', maximumFractionDigits: step ? 1 : 0,
  }).format(bytes / 1000 ** step);
}

/// A name for what has none.
export const nameOf = (person) => person?.name || person?.email || t('unnamed');

/// Who wrote a message: shops need not say it of their customer.
export const authorOf = ({ direction, author }, customer) =>
  author ?? (direction === 'customer' ? customer : null);
