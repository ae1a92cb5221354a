/// An element with attributes, listeners (`onclick` as a function) and children; what is null is left
/// out.
export function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value == null || value === false) continue;
    if (typeof value === 'function') node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat(3).filter((child) => child != null && child !== false));
  return node;
}

/// Text that a person outside wrote: it finds its own direction and does not touch its neighbours'.
export const foreign = (text, tag = 'bdi', attributes = {}) =>
  el(tag, { dir: 'auto', ...attributes }, visible(text));

const deceptive = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/// The text with characters that hide or turn round others shown by their number.
export const visible = (text) =>
  String(text ?? '').replace(/\r\n?/g, '\n').replace(deceptive, (character) =>
    `⟨U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}⟩`);

export const show = (node, shown) => { node.hidden = !shown; };

/// Puts the children in place of the old ones and keeps the focus inside where it was.
export function fill(node, ...children) {
  const focused = node.contains(document.activeElement) && document.activeElement !== node
    ? document.activeElement.dataset.test : null;
  node.replaceChildren(...children.flat(3).filter((child) => child != null && child !== false));
  if (!focused) return;
  const same = node.querySelector(`[data-test="${CSS.escape(focused)}"]:not(:disabled)`);
  (same ?? node.closest('[tabindex]'))?.focus({ preventScroll: true });
}

/// Has a screen reader say something once, without moving the focus.
export function announce(text) {
  const place = document.getElementById('announcer');
  place.textContent = '';
  setTimeout(() => { place.textContent = text; }, 50);
}

const svg = 'http://www.w3.org/2000/svg';
const shapes = {
  answer: 'M7 4 3 8l4 4M3 8h6a4 4 0 0 1 4 4v1',
  pen: 'M3 13l1-3 7-7 2 2-7 7z',
  note: 'M4 7V5a4 4 0 0 1 8 0v2M3 7h10v7H3z',
  copy: 'M6 6h7v7H6zM3 10V3h7',
  check: 'M3 8.5 6.5 12 13 4.5',
  clock: 'M8 2a6 6 0 1 0 0 12A6 6 0 1 0 8 2zM8 5v3.5l2.5 1.5',
  warning: 'M8 2.5 14.5 13.5h-13zM8 6.5v3.5M8 11.8v.2',
  undo: 'M3 6h7a3.5 3.5 0 0 1 0 7H6M6 3 3 6l3 3',
  clip: 'm12.5 7.5-5 5a3 3 0 0 1-4.3-4.3l5.5-5.5a2 2 0 0 1 2.9 2.9l-5.4 5.4a.9.9 0 0 1-1.4-1.4l4.7-4.7',
  replies: 'M9 2 4 9h4l-1 5 5-7H8z',
  eye: 'M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM8 6a2 2 0 1 0 0 4 2 2 0 1 0 0-4z',
  open: 'M9 3h4v4M13 3 7.5 8.5M11 9v4H3V5h4',
  theme: 'M8 2a6 6 0 1 0 0 12zM8 2a6 6 0 0 1 0 12',
  keys: 'M1.5 4.5h13v7h-13zM4 7h.1M6.6 7h.1M9.3 7h.1M12 7h.1M5 9.5h6',
  close: 'M4 4l8 8M12 4l-8 8',
  back: 'M10 3 5 8l5 5',
  cart: 'M2 3h2l1.5 7h6.5l1.5-5H4.5M6 13h.1M11 13h.1',
  person: 'M8 2.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 1 0 0-5zM3 14a5 5 0 0 1 10 0',
  down: 'M8 3v10M4 9l4 4 4-4',
};

export function icon(name) {
  const node = document.createElementNS(svg, 'svg');
  node.setAttribute('viewBox', '0 0 16 16');
  node.setAttribute('aria-hidden', 'true');
  node.classList.add('icon');
  const path = document.createElementNS(svg, 'path');
  path.setAttribute('d', shapes[name]);
  node.append(path);
  return node;
}

/// A button; `label` is its text, or, with `quiet`, only its name and its tip.
export function button(test, label, onclick, { shape, kind = '', quiet = false, ...rest } = {}) {
  return el('button', {
    type: 'button', class: `${kind}${quiet ? ' icon-only' : ''}`.trim() || null, onclick,
    'data-test': test, 'aria-label': quiet ? label : null, title: quiet ? label : null, ...rest,
  }, shape && icon(shape), quiet ? null : el('span', {}, label));
}
