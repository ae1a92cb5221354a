import { button, el } from './dom.js';
import { has, t } from './words.js';

/// A page that says what is wrong and what to do, in place of what cannot be shown.
///
/// - Parameter kind: its texts are `trouble_KIND` and `trouble_KIND_do`.
export function trouble(kind, { detail, actions = [], more = [] } = {}) {
  const heading = el('h1', { tabindex: -1 }, t(`trouble_${kind}`));
  const page = el('main', { class: 'trouble', id: 'thread', 'data-test': `trouble-${kind}` },
    heading, has(`trouble_${kind}_do`) && el('p', {}, t(`trouble_${kind}_do`)),
    detail && el('p', { class: 'detail', dir: 'auto' }, detail),
    actions.length > 0 && el('div', { class: 'actions' }, actions), more);
  queueMicrotask(() => {
    // A frame that comes to life must not take the focus from the desk around it.
    if (document.hasFocus()) heading.focus({ preventScroll: true });
  });
  return page;
}

/// The bridge is away: a page that tries again by itself, later each time.
export function away(attempt, problem, retry) {
  let left = Math.round(problem.retryAfter ?? Math.min(5 * 2 ** attempt, 60));
  const count = el('span', {}, t('retryIn', { count: left }));
  const again = () => {
    clearInterval(timer);
    retry();
  };
  const timer = setInterval(() => {
    left -= 1;
    count.textContent = t('retryIn', { count: Math.max(left, 0) });
    if (left <= 0) again();
  }, 1_000);
  return trouble(problem.code === 'offline' ? 'offline' : 'unavailable', {
    actions: [button('retry-now', t('retryNow'), again, { kind: 'primary' })],
    more: [el('p', { class: 'quiet' }, count)],
  });
}

/// What to tell about a problem in a line: our words for what is known, else the bridge's own.
export function words(problem) {
  if (has(`problem_${problem.code}`)) return t(`problem_${problem.code}`);
  return problem.message || t('problem_unknown');
}
