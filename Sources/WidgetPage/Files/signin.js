import { button, el, fill } from './dom.js';
import { useTheme } from './theme.js';
import { trouble } from './trouble.js';
import { t, useLanguage } from './words.js';

// The end of a login: in the popup it hands the code to the page that asked; where it failed, in a
// popup or in the frame, it says why.
const settings = JSON.parse(document.body.dataset.settings);
const app = document.getElementById('app');
useTheme();
await useLanguage(settings.lang ?? navigator.language);
document.title = t('signIn');

const close = button('close', t('close'), () => window.close());
if (settings.error) {
  // Without an opener this is the frame itself, which may have no page before this one.
  const back = settings.back
    && button('back', t('tryAgain'), () => location.replace(settings.back), { kind: 'primary' });
  const actions = [window.opener ? close : back].filter(Boolean);
  fill(app, trouble('login_failed', { detail: settings.error, actions }));
} else if (settings.handover && window.opener) {
  window.opener.postMessage({ bridge: 'handover', code: settings.handover }, location.origin);
  fill(app, trouble('signed_in', { actions: [close] }));
  window.close();
} else {
  fill(app, trouble('type_code', {
    more: [el('p', { class: 'code', 'data-test': 'code' }, settings.handover ?? '–')],
  }));
}
