import { get, newKey, post } from './api.js';
import { ask, field } from './dialog.js';
import { el, foreign } from './dom.js';
import { words } from './trouble.js';
import { t } from './words.js';

/// Starts an email of Genesys' own to the customer; says beforehand where the reply will arrive.
export async function writeMail(base, subject, { host, notices }) {
  let mail;
  try {
    mail = await get(`${base}/mail`);
  } catch (problem) {
    return notices.problem('mail', words(problem));
  }
  const key = newKey();
  if (!mail.enabled) return notices.show('mail', t(`mail_${mail.why ?? 'not_permitted'}`));
  const input = el('input', {
    type: 'text', dir: 'auto', value: subject ?? '', maxlength: 390, 'data-test': 'mail-subject',
  });
  const told = el('p', { class: 'problem', role: 'alert' });
  const chosen = await ask('mail-dialog', t('writeMail'), [
    el('dl', { class: 'facts' }, el('dt', {}, t('from')), el('dd', {}, foreign(mail.from)),
      el('dt', {}, t('to')), el('dd', {}, foreign(mail.to))),
    el('p', {}, t('mailReply', { address: mail.from ?? '' })),
    field('mail-subject', t('subject'), input), told,
  ], [{
    test: 'confirm-mail', label: t('startMail'),
    value: () => {
      const written = input.value.trim();
      told.textContent = written ? '' : t('subjectNeeded');
      return written || undefined;
    },
  }]);
  if (!chosen) return;
  try {
    const { conversation } = await post(`${base}/mail`, { subject: chosen, key });
    host.showInteraction(conversation);
    notices.show('mail', t('mailStarted'));
  } catch (problem) {
    notices.problem('mail', words(problem.uncertain && !problem.body.code ? { code: 'mail_uncertain' } : problem));
  }
}
