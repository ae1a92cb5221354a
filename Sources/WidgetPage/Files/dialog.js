import { button, el } from './dom.js';
import { t } from './words.js';

let number = 0;

/// Whether somebody is asked something; the request to sign in stands over all else.
export const isAsking = () => document.querySelector('dialog[open]:not(#sign-in)') !== null;

/// Asks in a dialog; resolves with what the pressed action gives, or with `undefined` when it was left.
///
/// - Parameter actions: each `{test, label, kind, value}`; one whose `value()` is `undefined` leaves the
///   dialog open.
export function ask(test, title, content, actions, { leave = t('cancel') } = {}) {
  // A second press asks the same.
  if (isAsking()) return Promise.resolve();
  const heading = `dialog-${number += 1}`;
  const back = document.activeElement;
  return new Promise((resolve) => {
    let result;
    let beside = false;
    let changed = false;
    const press = (value) => {
      const given = value();
      if (given === undefined) return;
      result = given;
      dialog.close();
    };
    const dialog = el('dialog', {
      'aria-labelledby': heading, 'data-test': test,
      onclose: () => {
        dialog.remove();
        resolve(result);
        if (document.activeElement === document.body) back?.focus?.();
      },
      // A press beside the dialog leaves it; not one that began inside, nor once there is something to lose.
      onpointerdown: (event) => { beside = event.target === dialog; },
      oninput: () => { changed = true; },
      onclick: (event) => { if (event.target === dialog && beside && !changed) dialog.close(); },
      onkeydown: (event) => event.stopPropagation(),
    },
    el('div', { class: 'sheet' }, el('h2', { id: heading }, title), content,
      el('div', { class: 'actions' },
        // Where there is nothing to choose, Enter leaves.
        button('cancel', leave, () => dialog.close(), { autofocus: !actions.length }),
        actions.map(({ test: name, label, kind, value }) =>
          button(name, label, () => press(value), { kind: kind ?? 'primary' })))));
    document.body.append(dialog);
    dialog.showModal();
  });
}

/// A choice of one of several; `read()` gives the chosen value or `undefined`.
export function choices(name, legend, options) {
  const inputs = options.map(({ value, label }) => {
    const input = el('input', { type: 'radio', name, value });
    return { input, row: el('label', { class: 'choice' }, input, el('span', { dir: 'auto' }, label)) };
  });
  return {
    element: el('fieldset', {}, el('legend', {}, legend), inputs.map(({ row }) => row)),
    read: () => inputs.find(({ input }) => input.checked)?.input.value,
  };
}

export function field(id, label, input) {
  input.id = id;
  return el('div', { class: 'field' }, el('label', { for: id }, label), input);
}
