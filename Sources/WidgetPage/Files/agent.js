import { remove, useAgent } from './api.js';
import { dropBearer } from './bearer.js';
import { ask } from './dialog.js';
import { button, el } from './dom.js';
import { nameOf } from './format.js';
import { words } from './trouble.js';
import { t } from './words.js';

// Desks are shared, and a session outlives whoever sat there: its agent is named, and can be another.
let agent = null;
let leave;

/// - Parameter session: the bridge's, with its agent.
/// - Parameter leaving: keeps what there is to keep before the session ends.
export function introduce(session, leaving) {
  agent = session.agent;
  useAgent(agent.id);
  leave = leaving;
}

export const isSame = (session) => session.agent.id === agent?.id;

/// Says who is signed in, and lets whoever is logged in to Genesys now be it instead.
export function signedInAs() {
  const told = el('span', { class: 'problem', role: 'alert' });
  const anew = button('sign-in-anew', t('signInAnew'), async () => {
    anew.disabled = true;
    try {
      await leave();
      await remove('session');
    } catch (problem) {
      // One that has ended by itself is left as well.
      if (problem.status !== 401) {
        told.textContent = words(problem);
        anew.disabled = false;
        return;
      }
    }
    dropBearer();
    location.reload();
  }, { kind: 'small' });
  return el('div', { class: 'line quiet', 'data-test': 'signed-in-as' },
    el('span', { dir: 'auto' }, t('signedInAs', { name: nameOf(agent) })), anew, told);
}

/// The agent's name for a header.
export function agentButton() {
  const said = t('signedInAs', { name: nameOf(agent) });
  const open = () => ask('agent-dialog', t('trouble_signed_in'), signedInAs(), [], { leave: t('close') });
  return button('agent', nameOf(agent), open,
    { shape: 'person', kind: 'agent', title: said, 'aria-label': said, 'aria-haspopup': 'dialog' });
}
