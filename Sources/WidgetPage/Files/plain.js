import { el, visible } from './dom.js';
import { t } from './words.js';

const address = /https?:\/\/[^\s<>"'`\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff⟨⟩]+/gi;
const trailing = '.,;:!?)]}';
// A longer one leads nowhere and is only text.
const longest = 2_000;

/// A link to another host, which learns nothing of this page.
export const linked = (url, children) => el('a', {
  href: url.href, target: '_blank', rel: 'noopener noreferrer nofollow',
}, children);

// What may follow a host in an address: no name of a user, behind which the true host could hide.
const behindHost = /^(:\d+)?([/?#]\S*)?$/;

/// Where a link leads, unless its text is that very address or host.
export function where(url, text) {
  const mail = url.protocol === 'mailto:';
  const place = mail ? decodeURIComponentSafely(url.pathname) : url.hostname;
  const said = text.trim().toLowerCase().replace(mail ? /^mailto:/ : /^https?:\/\//, '');
  const meant = place.toLowerCase();
  if (said === meant || (!mail && said.startsWith(meant) && behindHost.test(said.slice(meant.length)))) {
    return null;
  }
  return el('span', { class: 'where' }, ` (${visible(place)})`);
}

function decodeURIComponentSafely(text) {
  try { return decodeURIComponent(text); } catch { return text; }
}

/// An address without the punctuation of the sentence around it; by a loop, because an expression for it
/// would take the square of the length of what a customer wrote.
function withoutTail(text) {
  let end = text.length;
  while (trailing.includes(text[end - 1])) end -= 1;
  return text.slice(0, end);
}

/// A line of plain text in which web addresses are links.
function withLinks(text) {
  const parts = [];
  let from = 0;
  for (const match of text.matchAll(address)) {
    const found = withoutTail(match[0]);
    if (found.length > longest) continue;
    let url;
    try { url = new URL(found); } catch { continue; }
    parts.push(text.slice(from, match.index), linked(url, [found]), where(url, found));
    from = match.index + found.length;
  }
  parts.push(text.slice(from));
  return parts;
}

const isQuoted = (line) => /^\s*>/.test(line);

/// Plain text with its line breaks; runs of quoted lines are folded.
export function paragraphs(text) {
  const target = el('div', { class: 'plain' });
  const lines = visible(text).split('\n');
  while (lines.length && !lines.at(-1).trim()) lines.pop();
  let run = [];
  let quoted = false;
  const close = () => {
    const block = withLinks(run.join('\n'));
    const fold = quoted && (run.length > 3 || target.hasChildNodes());
    if (run.length) target.append(fold ? folded(el('div', {}, block)) : el('div', { dir: 'auto' }, block));
    run = [];
  };
  for (const line of lines) {
    // A blank line between two quoted ones belongs to them.
    if (line.trim() && isQuoted(line) !== quoted) {
      close();
      quoted = isQuoted(line);
    }
    run.push(line);
  }
  close();
  return target;
}

export const folded = (content) => el('details', { class: 'quoted' },
  el('summary', {}, t('quoted')), el('div', { class: 'quote', dir: 'auto' }, content));
