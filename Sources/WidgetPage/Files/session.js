import { get, post } from './api.js';
import { bearer, keepBearer, sharedBearer } from './bearer.js';
import { button, el, fill } from './dom.js';
import { trouble, words } from './trouble.js';
import { locale, t } from './words.js';

const base64url = (bytes) => btoa(String.fromCharCode(...bytes))
  .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

export const session = () => get('session');

const justNow = 60_000;
const again = 3_000;

/// Whether to go to the login in this frame without asking: not from where a login has just led to, so that
/// one that does not hold cannot turn in circles.
export const mayRedirect = ({ login, cookies }, address) => cookies && login !== 'popup'
  && !(address.returned && performance.now() < justNow) && (login === 'frame' || !address.popup);

export function redirect(address) {
  const query = new URLSearchParams({ mode: 'frame', lang: locale });
  if (address.conversation) query.set('conversationId', address.conversation);
  if (address.hostOrigin) query.set('gcHostOrigin', address.hostOrigin);
  if (address.environment) query.set('gcTargetEnv', address.environment);
  location.replace(`/widget/login?${query}`);
}

/// Takes the mark of the login out of the address, so that a reload of a later day logs in by itself again.
export function forgetReturn() {
  const query = new URLSearchParams(location.search);
  if (!query.has('returned')) return;
  query.delete('returned');
  history.replaceState(null, '', `${location.pathname}?${query}`);
}

/// A secret of this page and its digest: only who holds the secret can use the code that the popup
/// hands over.
async function challenge() {
  const proof = base64url(crypto.getRandomValues(new Uint8Array(32)));
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(proof));
  return { proof, challenge: base64url(new Uint8Array(digest)) };
}

/// The session of a login in another tab of the desk, where each carries it itself.
async function signInElsewhere() {
  for (;;) {
    const tried = bearer;
    try {
      return await session();
    } catch (problem) {
      // Only one that was refused has ended, and the next one may hold.
      if (problem.status === 401) await sharedBearer(tried);
      else await new Promise((resolve) => { setTimeout(resolve, again); });
    }
  }
}

/// The page with the "Sign in" button; resolves with the session. The login happens in a popup, opened
/// by the click itself so that blockers let it through.
export async function signIn(place, { cookies },
  { frame, textKept = false, said = '', elsewhere = cookies ? null : signInElsewhere() } = {}) {
  if (!window.crypto?.subtle) {
    fill(place, trouble('insecure'));
    return new Promise(() => {});
  }
  const pair = await challenge();
  return new Promise((resolve) => {
    let popup = null;
    const told = el('p', { class: 'problem', role: 'alert', 'data-test': 'sign-in-problem' }, said);
    const finish = async (code) => {
      try {
        const got = await post('session', { code, proof: pair.proof, header: !cookies });
        if (got.session) keepBearer(got.session);
        removeEventListener('message', heard);
        resolve(got);
      } catch (problem) {
        removeEventListener('message', heard);
        // A code is good for one attempt, and so is its proof.
        const why = problem.status === 401 ? t('codeRefused') : words(problem);
        signIn(place, { cookies }, { frame, textKept, said: why, elsewhere }).then(resolve);
      }
    };
    function heard(event) {
      if (event.origin !== location.origin || !popup || event.source !== popup) return;
      if (event.data?.bridge === 'handover') finish(String(event.data.code));
    }
    addEventListener('message', heard);
    elsewhere?.then((got) => {
      removeEventListener('message', heard);
      resolve(got);
    });
    const open = () => {
      const query = new URLSearchParams({ mode: 'popup', challenge: pair.challenge, lang: locale });
      popup = window.open(`/widget/login?${query}`, 'bridge-sign-in', 'popup,width=520,height=680');
      if (popup) byHand.hidden = false;
      else told.textContent = t('popupBlocked');
    };
    const code = el('input', {
      id: 'handover', autocomplete: 'one-time-code', spellcheck: 'false', 'data-test': 'handover',
      onkeydown: (event) => { if (event.key === 'Enter' && code.value.trim()) finish(code.value.trim()); },
    });
    const byHand = el('details', { hidden: true, 'data-test': 'by-hand' },
      el('summary', {}, t('haveCode')),
      el('div', { class: 'field' }, el('label', { for: 'handover' }, t('handoverCode')), code,
        button('use-code', t('useCode'), () => code.value.trim() && finish(code.value.trim()))));
    const actions = [button('sign-in', t('signIn'), open, { kind: 'primary' })];
    if (frame) actions.push(button('sign-in-frame', t('signInHere'), frame));
    fill(place, trouble(textKept ? 'signed_out' : 'sign_in', {
      actions, detail: cookies ? null : t('noCookies'), more: [told, byHand],
    }));
  });
}
