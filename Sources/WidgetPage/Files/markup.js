import { el, visible } from './dom.js';
import { linked, where } from './plain.js';
import { t } from './words.js';

// A customer's HTML is parsed into a document that runs nothing and loads nothing, and is rebuilt from
// a list of elements; of all attributes only a checked address of a link survives.
const policy = window.trustedTypes?.createPolicy('bridge-inert', { createHTML: (html) => html });
const bounds = { characters: 500_000, nodes: 20_000, depth: 40 };

const kept = new Map(Object.entries({
  p: 'p', br: 'br', b: 'strong', strong: 'strong', i: 'em', em: 'em', u: 'u', ins: 'u', s: 's',
  del: 's', strike: 's', ul: 'ul', ol: 'ol', li: 'li', blockquote: 'blockquote', pre: 'pre',
  code: 'code', tt: 'code', hr: 'hr', dl: 'div', dt: 'div', dd: 'div', div: 'div', section: 'div',
  article: 'div', header: 'div', footer: 'div', main: 'div', center: 'div', address: 'div',
  table: 'div', tr: 'div', td: 'div', th: 'div', caption: 'div', fieldset: 'div', details: 'div',
}));
const dropped = new Set([
  'script', 'style', 'template', 'svg', 'math', 'iframe', 'frame', 'frameset', 'object', 'embed',
  'applet', 'form', 'head', 'title', 'meta', 'link', 'base', 'noscript', 'noembed', 'noframes',
  'audio', 'video', 'canvas', 'datalist', 'portal',
]);
const heading = /^h[1-6]$/;
const safe = new Set(['http:', 'https:', 'mailto:']);

// Read through the prototypes: a field named "childNodes" must not stand in for the real one.
const getter = (type, name) => {
  const { get } = Object.getOwnPropertyDescriptor(type.prototype, name);
  return (node) => get.call(node);
};
const childrenOf = getter(Node, 'childNodes');
const nameOf = getter(Element, 'localName');
const namespaceOf = getter(Element, 'namespaceURI');

/// The HTML as elements of our own.
export function rebuilt(html) {
  const text = html.slice(0, bounds.characters);
  const source = new DOMParser().parseFromString(policy ? policy.createHTML(text) : text, 'text/html');
  const target = el('div', { class: 'rich' });
  const budget = { nodes: bounds.nodes };
  copy(source, target, 0, budget);
  if (budget.nodes <= 0 || html.length > bounds.characters) {
    target.append(el('p', { class: 'quiet' }, t('shortened')));
  }
  return target;
}

function copy(source, target, depth, budget) {
  for (const node of childrenOf(source)) {
    budget.nodes -= 1;
    if (budget.nodes <= 0) return;
    if (node.nodeType === Node.TEXT_NODE) append(target, visible(node.data));
    else if (node.nodeType === Node.ELEMENT_NODE) element(node, target, depth, budget);
  }
}

function append(target, text) {
  const list = target.localName === 'ul' || target.localName === 'ol';
  if (list && !text.trim()) return;
  (list ? item(target) : target).append(text);
}

const item = (list) => list.appendChild(el('li'));

function element(node, target, depth, budget) {
  const name = nameOf(node);
  if (namespaceOf(node) !== 'http://www.w3.org/1999/xhtml' || dropped.has(name)) return;
  if (name === 'img') return append(target, image(node));
  if (name === 'a') return link(node, target, depth, budget);
  if (heading.test(name)) {
    const strong = el('strong');
    place(target, el('div', {}, strong));
    return copy(node, strong, depth + 1, budget);
  }
  const own = kept.get(name);
  if (!own || depth >= bounds.depth) return copy(node, target, depth + 1, budget);
  const inList = target.localName === 'ul' || target.localName === 'ol';
  const copied = el(own === 'li' && !inList ? 'div' : own, name === 'tr' ? { class: 'row' } : {});
  place(target, copied);
  copy(node, copied, depth + 1, budget);
}

function place(target, child) {
  const list = target.localName === 'ul' || target.localName === 'ol';
  (list && child.localName !== 'li' ? item(target) : target).append(child);
}

function image(node) {
  const alt = visible(node.getAttribute('alt') ?? '').trim();
  const pixel = ['width', 'height'].some((side) => /^[01]$/.test(node.getAttribute(side) ?? ''));
  if (!alt) return pixel ? '' : `[${t('image')}]`;
  return `[${t('image')}: ${alt}]`;
}

function link(node, target, depth, budget) {
  let url = null;
  try {
    const parsed = new URL(node.getAttribute('href') ?? '');
    if (safe.has(parsed.protocol)) url = parsed;
  } catch { /* relative or no address at all: its text remains */ }
  // No link stands inside a link.
  if (!url || target.closest('a') || depth >= bounds.depth) return copy(node, target, depth + 1, budget);
  const anchor = linked(url, []);
  place(target, anchor);
  copy(node, anchor, depth + 1, budget);
  if (!anchor.textContent.trim()) anchor.append(url.href);
  const shown = where(url, anchor.textContent);
  if (shown) place(target, shown);
}

const isEmpty = (node) => !node.textContent.trim() && node.localName !== 'hr';

/// The quoted history at the end, if the text has one and is not all quotation.
export function trailingQuote(root) {
  const children = [...root.childNodes].filter((node) => !isEmpty(node));
  const last = children.at(-1);
  if (last?.localName === 'blockquote') return children.length > 1 || root.previousSibling ? last : null;
  return last?.localName === 'div' ? trailingQuote(last) : null;
}
