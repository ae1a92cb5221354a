import { bearer } from './bearer.js';

/// An answer of the bridge that is no success, or its absence (`code` "offline").
export class Problem extends Error {
  constructor(status, body = {}, retryAfter = null) {
    super(body.detail ?? body.title ?? '');
    this.status = status;
    this.code = body.code ?? (status === 0 ? 'offline' : status === 401 ? 'signed_out'
      : status === 404 ? 'not_found' : status === 413 ? 'too_large'
      : status >= 500 ? 'unavailable' : 'invalid');
    this.body = body;
    this.retryAfter = retryAfter;
  }

  /// Whether nobody knows if the bridge has done what it was asked for.
  get uncertain() { return this.status === 0 || this.status >= 500; }
}

const root = '/widget/api';
const answerWithin = 30_000;
let agent = null;
let skew = 0;
let signedOut = () => {};

/// The agent whom the page shows. The cookie of a session is all windows', and may be another's by now:
/// the bridge does nothing for one in the name of the other.
export const useAgent = (id) => { agent = id; };

/// Called with the problem as soon as a call meets the end of the session.
export const onSignedOut = (listener) => { signedOut = listener; };

/// Now by the bridge's clock, in ms; its answers say by how much ours is off.
export const now = () => Date.now() + skew;

/// Names what is to be done once, however often it is asked for.
export const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))]
  .map((byte) => byte.toString(16).padStart(2, '0')).join('');

/// - Parameter named: whether the call is the shown agent's; who has a session is asked in nobody's name.
export function headers(more = {}, named = true) {
  return {
    'X-Bridge': '1', ...(bearer && { Authorization: `Bearer ${bearer}` }),
    ...(named && agent && { 'X-Agent': agent }), ...more,
  };
}

export const place = (path) => (path.startsWith('/') ? path : `${root}/${path}`);

async function problemOf(response) {
  const body = await response.json().catch(() => ({}));
  const wait = Number(response.headers.get('Retry-After'));
  return new Problem(response.status, body, Number.isFinite(wait) && wait > 0 ? wait : null);
}

/// The raw response of a call; a problem is thrown.
export async function call(method, path, { body, keepalive = false, signal } = {}) {
  const json = body === undefined ? undefined : JSON.stringify(body);
  const type = json === undefined ? {} : { 'Content-Type': 'application/json' };
  const named = path !== 'session' || method === 'DELETE';
  let response;
  try {
    response = await fetch(place(path), {
      method, headers: headers(type, named), body: json, credentials: 'same-origin', cache: 'no-store',
      // A browser refuses more than 64 KiB in calls that outlive the page.
      keepalive: keepalive && (json?.length ?? 0) < 20_000,
      signal: signal ?? AbortSignal.timeout(answerWithin),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Problem(0);
  }
  const off = Date.parse(response.headers.get('Date')) - Date.now();
  skew = Math.abs(off) > 2_000 ? off : 0;
  if (response.ok) return response;
  const problem = await problemOf(response);
  if (problem.status === 401 && !path.startsWith('session')) signedOut(problem);
  throw problem;
}

async function json(method, path, options) {
  const response = await call(method, path, options);
  if (response.status === 204) return null;
  try {
    return await response.json();
  } catch {
    // Cut off in the middle: as good as no answer.
    throw new Problem(0);
  }
}

export const get = (path, options) => json('GET', path, options);
export const put = (path, body, options) => json('PUT', path, { body, ...options });
export const post = (path, body = {}, options = {}) => json('POST', path, { body, ...options });
export const remove = (path) => json('DELETE', path);
