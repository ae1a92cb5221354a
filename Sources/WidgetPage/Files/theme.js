import { button } from './dom.js';
import { t } from './words.js';

/// Something the browser keeps for this page; a browser may refuse to, and then it lasts for the visit.
export const kept = {
  read(name) {
    try { return localStorage.getItem(`bridge-${name}`); } catch { return null; }
  },
  write(name, value) {
    try { localStorage.setItem(`bridge-${name}`, value); } catch { /* lasts for the visit */ }
  },
};

const order = ['auto', 'light', 'dark'];
const apply = (theme) => { document.documentElement.dataset.theme = theme; };

export const useTheme = () => apply(order.includes(kept.read('theme')) ? kept.read('theme') : 'auto');

/// Light, dark, or as the system has it.
export function themeSwitch() {
  const label = () => t(`theme_${document.documentElement.dataset.theme}`);
  const node = button('theme', label(), () => {
    const next = order[(order.indexOf(document.documentElement.dataset.theme) + 1) % order.length];
    apply(next);
    kept.write('theme', next);
    node.title = label();
    node.setAttribute('aria-label', label());
  }, { shape: 'theme', quiet: true });
  return node;
}
