import { introduce, isSame, signedInAs } from './agent.js';
import { onSignedOut } from './api.js';
import { readAddress } from './address.js';
import { borrowBearer } from './bearer.js';
import { isAsking } from './dialog.js';
import { button, el, fill, show } from './dom.js';
import { bind } from './keys.js';
import { Host } from './sdk.js';
import { forgetReturn, mayRedirect, redirect, session, signIn } from './session.js';
import { Supervisor } from './supervisor.js';
import { useTheme } from './theme.js';
import { away, trouble, words } from './trouble.js';
import { ConversationView } from './view.js';
import { t, useLanguage } from './words.js';

const app = document.getElementById('app');
// A dialog, because it stands over those that are open, with what is written in them.
const overlay = el('dialog', {
  id: 'sign-in', onkeydown: (event) => { if (event.key === 'Escape') event.preventDefault(); },
});
document.body.append(overlay);
const settings = JSON.parse(document.body.dataset.settings);
const address = readAddress(location.search);
const host = new Host(address.hostOrigin, settings.hostOrigins);
let view = null;
let asking = false;
let blurred = false;

/// The desk says which of its tabs is before the agent, the browser whether the desk is.
const look = () => (blurred || document.hidden ? view?.blur() : view?.focus());

/// Keeps what is written, and ends what waits for an end.
const leave = () => view?.composer?.stop();

const reload = () => location.reload();
const tryAgain = () => button('try-again', t('tryAgain'), reload, { kind: 'primary' });

/// Asks for a login, in this frame by itself where that may work and nothing unsaved would go, else by a
/// click.
async function login(place, problem, textKept) {
  const terms = { login: problem.body.login ?? settings.login, cookies: problem.body.cookies ?? true };
  const saved = (view?.composer?.settled ?? true) && !isAsking();
  const free = !textKept || saved;
  if (free && mayRedirect(terms, address)) {
    redirect(address);
    return new Promise(() => {});
  }
  const frame = terms.login === 'frame' && terms.cookies && free ? () => redirect(address) : null;
  return signIn(place, terms, { frame, textKept });
}

/// The session, however long it takes to get one.
async function enter(place, textKept = false) {
  for (let attempt = 0; ; attempt += 1) {
    try {
      const found = await session();
      forgetReturn();
      return found;
    } catch (problem) {
      if (problem.status === 401) {
        if (problem.body.cookies === false && await borrowBearer()) continue;
        return login(place, problem, textKept);
      }
      if (!problem.uncertain) throw problem;
      const wait = new Promise((resolve) => { fill(place, away(attempt, problem, resolve)); });
      host.bootstrapped();
      await wait;
    }
  }
}

/// The session ended during the work: what is on the page stays under the request to sign in.
async function signInAgain() {
  if (asking || !view) return;
  asking = true;
  view.live.stop();
  if (!overlay.open) overlay.showModal();
  try {
    // What is on the page is not for another agent, and not to be kept as theirs.
    if (!isSame(await enter(overlay, true))) {
      view = null;
      return reload();
    }
    await view.resume();
  } catch (problem) {
    fill(overlay, trouble('refused', { detail: words(problem), actions: [tryAgain()] }));
    return;
  } finally {
    asking = false;
  }
  overlay.replaceChildren();
  overlay.close();
  if (document.activeElement === document.body) view.composer?.editor.focus();
}

async function openView(base, back) {
  for (let attempt = 0; ; attempt += 1) {
    const opened = new ConversationView({ base, host, settings, back });
    try {
      await opened.open(app);
      // A second press opens it once more.
      view?.close();
      view = opened;
      if (back) opened.title.focus();
      if (blurred || document.hidden) look();
      return keys();
    } catch (problem) {
      opened.close();
      if (!problem.code) throw problem;
      if (problem.status === 401) {
        // With something shown already the request to sign in stands over it.
        if (view) return undefined;
        introduce(await login(app, problem, false), leave);
      } else if (problem.uncertain) {
        const wait = new Promise((resolve) => { fill(app, away(attempt, problem, resolve)); });
        host.bootstrapped();
        await wait;
      } else {
        const actions = back ? [button('back', t('back'), back)] : [tryAgain()];
        const kind = problem.code === 'not_found' ? 'not_found' : 'refused';
        const detail = kind === 'refused' ? words(problem) : null;
        return fill(app, trouble(kind, { actions, detail, more: [signedInAs()] }));
      }
    }
  }
}

function keys() {
  const shown = view;
  const { composer } = shown;
  const reading = () => shown.past ?? shown.thread;
  bind({
    r: () => composer.mode('answer', true), n: () => composer.mode('note', true),
    j: () => reading().step(1), k: () => reading().step(-1), u: () => composer.undo.take(),
    Escape: () => shown.closeEarlier(),
  });
}

function supervise() {
  const supervisor = new Supervisor({
    open: (base) => openView(base, async () => {
      await view?.close();
      view = lists;
      supervisor.show(app);
    }),
  });
  const lists = {
    live: { stop() {} }, resume: () => supervisor.choose(), focus() {}, blur() {}, close() {},
  };
  view = lists;
  supervisor.show(app);
}

async function start() {
  if (address.asked && !address.conversation) return fill(app, trouble('address'));
  const found = await enter(app);
  introduce(found, leave);
  if (address.conversation) return openView(`conversations/${address.conversation}`);
  if (!found.supervisor) {
    return fill(app, trouble('no_supervisor', { actions: [tryAgain()], more: [signedInAs()] }));
  }
  return supervise();
}

useTheme();
try {
  await useLanguage(address.lang);
  const skip = document.getElementById('skip');
  skip.textContent = t('skip');
  show(skip, true);
  document.title = t('title');
  overlay.ariaLabel = t('signIn');
  onSignedOut(signInAgain);
  for (const hook of ['focus', 'blur']) {
    host.on(hook, () => {
      blurred = hook === 'blur';
      return look();
    });
  }
  document.addEventListener('visibilitychange', look);
  addEventListener('focus', look);
  host.on('stop', leave);
  addEventListener('pagehide', leave);
  const started = start();
  // A page that waits for a login is ready too: its button has to be seen.
  setTimeout(() => host.bootstrapped(), 1_500);
  await started;
} catch (error) {
  console.error(error);
  fill(app, trouble('refused', { detail: words(error), actions: [tryAgain()] }));
} finally {
  host.bootstrapped();
}
