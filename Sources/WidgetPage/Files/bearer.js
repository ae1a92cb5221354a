import { channel } from './channel.js';

/// The session where the browser keeps no cookie for us; it lives in memory only.
///
/// The tabs of one desk tell it to each other, so that one login serves them all. A browser that denies frames
/// this as well asks for a login in each.
export let bearer = null;

const patience = 150;
const refused = new Set();
let tabs = null;
let found = null;

const isSession = (it) => typeof it === 'string' && /^[\w-]{43}$/.test(it);

function heard({ data }) {
  if (data?.wanted && bearer) tabs.postMessage({ session: bearer });
  else if (data?.ended) bearer = null;
  // One that nobody waits for may be another agent's.
  else if (found && isSession(data?.session) && !refused.has(data.session)) {
    bearer = data.session;
    found();
    found = null;
  }
}

function tell(message) {
  tabs ??= channel('session', heard);
  tabs?.postMessage(message);
}

/// Carries a session from here on, and shares it.
export function keepBearer(session) {
  bearer = session;
  found = null;
  tell({ session });
}

/// Ends it in all tabs, after it has ended at the bridge.
export function dropBearer() {
  if (bearer) tell({ ended: true });
  bearer = null;
}

/// Asks the other tabs for a session in place of one that the bridge has refused; resolves as soon as there
/// is another, which may be never.
export async function sharedBearer(ended = bearer) {
  refused.add(ended);
  if (bearer !== ended) return undefined;
  bearer = null;
  return new Promise((resolve) => {
    found = resolve;
    tell({ wanted: true });
  });
}

/// The same, without waiting for tabs that have none: whether one had.
export const borrowBearer = () => Promise.race([
  sharedBearer().then(() => true),
  new Promise((resolve) => { setTimeout(resolve, patience, false); }),
]);
