import { button, el, fill, icon, show } from './dom.js';
import { t } from './words.js';

/// What the agent has to know beside the composer: one line for each subject, each with what can be
/// done about it.
export class Notices {
  #rows = new Map();
  element = el('div', { class: 'notices', 'data-test': 'notices' });

  /// - Parameter kind: `info`, `warning` or `problem`; the last two speak up at once.
  show(key, text, { kind = 'info', actions = [], dismiss = true } = {}) {
    let row = this.#rows.get(key);
    if (!row) {
      row = el('div', { class: 'notice', tabindex: -1, 'data-test': `notice-${key}` });
      this.#rows.set(key, row);
      this.element.append(row);
    }
    row.className = `notice ${kind}`;
    row.setAttribute('role', kind === 'info' ? 'status' : 'alert');
    fill(row, kind === 'info' ? null : icon('warning'), el('p', { dir: 'auto' }, text),
      el('div', { class: 'actions' }, actions,
        dismiss && button('dismiss', t('close'), () => this.hide(key), { shape: 'close', quiet: true })));
    show(row, true);
  }

  /// Takes it away; the focus of its buttons goes to the messages.
  hide(key) {
    const row = this.#rows.get(key);
    const focused = row?.contains(document.activeElement);
    row?.remove();
    this.#rows.delete(key);
    const messages = this.element.parentElement.querySelector('[tabindex="0"]:not([hidden] *)');
    if (focused) messages?.focus({ preventScroll: true });
  }

  problem(key, text, actions = []) { this.show(key, text, { kind: 'problem', actions }); }
}
