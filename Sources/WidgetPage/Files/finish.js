import { get, post } from './api.js';
import { ask, choices, field } from './dialog.js';
import { el } from './dom.js';
import { words } from './trouble.js';
import { t } from './words.js';

/// What a button promises, without the dots that say that a question comes first.
const said = (key) => t(key).replace(/\s*…$/, '');

/// Asks for the wrap-up code; resolves with it, with `null` for none, or with `undefined` when left.
export async function askWrapUp(base, { required, given }, sending) {
  const label = said(sending ? 'sendFinish' : 'finish');
  const told = el('p', { class: 'problem', role: 'alert' });
  let codes = [];
  let must = required;
  try {
    if (!given) ({ codes, required: must } = await get(`${base}/wrap-ups`));
  } catch (problem) {
    // The request to sign in stands there instead.
    if (problem.status === 401) return undefined;
    told.textContent = words(problem);
  }
  const select = el('select', { 'data-test': 'wrap-up' },
    el('option', { value: '' }, t(must ? 'chooseCode' : 'noCode')),
    codes.map(({ id, name }) => el('option', { value: id }, name)));
  const notes = el('textarea', { rows: 2, dir: 'auto', maxlength: 4_000, 'data-test': 'wrap-up-notes' });
  const content = [
    given && el('p', {}, t('wrapUpGiven')), told,
    codes.length > 0 && field('wrap-up', t('wrapUp'), select),
    codes.length > 0 && field('wrap-up-notes', t('wrapUpNotes'), notes),
    !given && !codes.length && el('p', {}, t('finishPlain')),
  ];
  return ask('finish-dialog', label, content, [{
    test: 'confirm-finish', label,
    value: () => {
      const code = codes.find(({ id }) => id === select.value);
      if (code) return { code: code.id, name: code.name, notes: notes.value.trim() };
      if (!must || given) return null;
      told.textContent = t('problem_wrap_up_required');
      select.focus();
      return undefined;
    },
  }]);
}

// The bridge takes 500 characters; the chosen reason stands before one's own words.
const longest = 400;

/// Asks why no answer is needed; resolves with the reason, or with `undefined` when left.
export async function askReason() {
  const own = el('textarea', { rows: 2, dir: 'auto', maxlength: longest, 'data-test': 'own-reason' });
  const told = el('p', { class: 'problem', role: 'alert' });
  const reasons = ['thanks', 'solved', 'duplicate', 'spam'].map((key) => t(`reason_${key}`));
  const choice = choices('reason', t('reason'), [
    ...reasons.map((label) => ({ value: label, label })), { value: '', label: t('reason_other') },
  ]);
  own.addEventListener('input', () => {
    const last = choice.element.querySelector('label:last-child input');
    if (own.value.trim()) last.checked = true;
  });
  return ask('dismiss-dialog', said('dismiss'), [
    el('p', {}, t('dismissHint')), choice.element, field('own-reason', t('ownWords'), own), told,
  ], [{
    test: 'confirm-dismiss', label: t('dismissNow'),
    value: () => {
      const words = own.value.trim();
      const reason = [choice.read(), words].filter(Boolean).join(': ');
      told.textContent = reason ? '' : t('reasonNeeded');
      return reason || undefined;
    },
  }]);
}

/// Asks whether to bring the customer's message to Genesys again, and does it.
export async function recreate(base, notices) {
  const sure = await ask('recreate-dialog', t('recreate'), el('p', {}, t('recreateHint')),
    [{ test: 'confirm-recreate', label: t('recreate'), value: () => true }]);
  if (!sure) return;
  try {
    await post(`${base}/recreate`);
    notices.show('recreate', t('recreated'));
  } catch (problem) {
    notices.problem('recreate', words(problem));
  }
}
