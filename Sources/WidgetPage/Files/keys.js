import { ask } from './dialog.js';
import { button, el } from './dom.js';
import { kept } from './theme.js';
import { t } from './words.js';

// One letter without a modifier can be switched off: whoever speaks to the computer would trigger it
// by chance (WCAG 2.1.4).
const letters = () => kept.read('letters') !== 'off';
const actions = {};

/// Says what a key does: `r`, `n`, `j`, `k`, `u`, `Escape`.
export const bind = (keys) => {
  for (const key of Object.keys(actions)) delete actions[key];
  Object.assign(actions, keys);
};

const isField = (node) => node.closest?.('input, textarea, select, [contenteditable]');

addEventListener('keydown', (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (document.querySelector('dialog[open]')) return;
  if (event.key === 'Escape') return actions.Escape?.();
  if (isField(event.target) || !letters()) return;
  const action = event.key === '?' ? help : actions[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});

/// The key that goes with Enter, as it is written on it.
export const control = () => (/Mac|iP(hone|ad)/.test(navigator.platform) ? '⌘' : t('control'));

const row = (keys, text) => [
  el('dt', {}, keys.map((key, index) => [index > 0 && ' ', el('kbd', {}, key)])), el('dd', {}, text),
];

export function help() {
  const box = el('input', {
    type: 'checkbox', 'data-test': 'letters', onchange: () => kept.write('letters', box.checked ? 'on' : 'off'),
  });
  box.checked = letters();
  return ask('help', t('keys'), [
    el('dl', { class: 'keys' }, row([control(), 'Enter'], t('send_answer')), row(['r'], t('key_answer')),
      row(['n'], t('key_note')), row(['j', 'k'], t('key_messages')), row(['u'], t('key_undo')),
      row(['?'], t('key_help')), row(['Esc'], t('close'))),
    el('label', { class: 'choice' }, box, el('span', {}, t('lettersOn'))),
  ], [], { leave: t('close') });
}

export const keysButton = () => button('keys', t('keys'), () => help(), { shape: 'keys', quiet: true });
