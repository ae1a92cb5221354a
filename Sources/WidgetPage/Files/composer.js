import { signedInAs } from './agent.js';
import { announce, button, el, fill, icon, show } from './dom.js';
import { get, now, post } from './api.js';
import { copyButton } from './cards.js';
import { Editor } from './editor.js';
import { takeDrops } from './files.js';
import { askReason, askWrapUp } from './finish.js';
import { LeftDrafts } from './left.js';
import { send } from './sending.js';
import { words } from './trouble.js';
import { takenBack, Undo } from './undo.js';
import { t } from './words.js';

const kinds = ['answer', 'note'];

/// Where the agent writes: an answer to the customer or a note for colleagues, which look and are named
/// unlike each other, and what can be done with the conversation.
export class Composer {
  #busy = false;
  #data = null;
  #read = null;

  /// - Parameter kept: called when the bridge has a draft, for the agent's other windows to show it.
  constructor({ base, settings, thread, notices, refresh, kept }) {
    Object.assign(this, { base, thread, notices, refresh });
    const on = (kind) => ({
      submit: (finish) => this.submit(kind, finish), changed: () => this.#label(),
      refused: (text) => notices.problem('file', text), kept,
    });
    const each = (make) => Object.fromEntries(kinds.map((kind) => [kind, make(kind)]));
    this.editors = each((kind) => new Editor(kind, base, settings, on(kind)));
    this.tabs = each((kind) => button(`tab-${kind}`, t(`tab_${kind}`), () => this.mode(kind, true), {
      shape: kind, role: 'tab', id: `tab-${kind}`, 'aria-controls': `panel-${kind}`,
      'aria-label': t(`write_${kind}`),
    }));
    // In a narrow pane the tabs say "Answer" and "Note"; their names stay whole.
    for (const kind of kinds) {
      this.tabs[kind].append(el('span', { class: 'rest' }, t(`tab_${kind}_rest`)));
    }
    this.dismiss = button('dismiss-open', t('dismiss'), () => this.#dismiss(),
      { hidden: true, kind: 'small' });
    this.left = new LeftDrafts(base, this.editors, notices);
    this.undo = new Undo({
      take: (sent) => this.#takeBack(sent), finish: (sent, options) => this.#finishSent(sent, options),
    });
    this.writing = el('div', {},
      el('div', { class: 'modes' },
        el('div', {
          role: 'tablist', 'aria-label': t('whatToWrite'), onkeydown: (event) => this.#arrow(event),
        },
          kinds.map((kind) => this.tabs[kind])),
        this.dismiss),
      kinds.map((kind) => this.editors[kind].element));
    this.reading = el('div', { class: 'read-only', hidden: true, 'data-test': 'read-only' });
    this.element = el('section', {
      class: 'composer', 'aria-label': t('composer'), 'data-test': 'composer',
    }, this.writing, this.reading);
    takeDrops(this.element, () => (this.editor.mayAttach ? this.editor.files : null));
    this.mode('answer');
  }

  get editor() { return this.editors[this.kind]; }

  get #kept() { return !this.#busy && kinds.every((kind) => this.editors[kind].settled); }
  get settled() { return this.#kept && !this.undo.running; }

  mode(kind, focus = false) {
    this.kind = kind;
    this.element.dataset.mode = kind;
    for (const name of kinds) {
      const chosen = name === kind;
      this.tabs[name].setAttribute('aria-selected', String(chosen));
      this.tabs[name].tabIndex = chosen ? 0 : -1;
      show(this.editors[name].element, chosen);
    }
    this.editor.shape();
    if (focus) this.editor.focus();
  }

  /// Equal only where all is kept, and nothing was typed in between: then the bridge's draft is no older.
  get edits() { return this.#kept ? this.editors.answer.edits + this.editors.note.edits : NaN; }

  /// - Parameter edits: as of when the data were asked for.
  update(data, edits) {
    const first = this.#data === null;
    this.#data = data;
    const { may, draft } = data;
    if (first || (may.write && edits === this.edits)) {
      for (const kind of kinds) this.editors[kind].follow(draft?.[kind]);
    }
    if (first && draft?.note && !draft.answer) this.mode('note');
    show(this.writing, may.write);
    show(this.reading, !may.write);
    show(this.dismiss, may.dismiss);
    for (const { attach } of Object.values(this.editors)) show(attach, may.attach);
    if (may.write) this.left.update(data.left ?? []);
    else this.#readOnly(data.why ?? data.role);
    this.undo.update(data);
    this.#label();
  }

  /// Says that the customer wrote while an answer was being written; the answer stays.
  wroteAgain(id) {
    const jump = button('jump', t('goThere'), () => {
      this.thread.jump(id);
      this.notices.hide('wrote-again');
    }, { kind: 'primary' });
    this.notices.show('wrote-again', t('wroteAgain'), { kind: 'warning', actions: [jump] });
  }

  async submit(kind, finish) {
    const editor = this.editors[kind];
    if (this.#busy || !this.#data?.may.write) return;
    if (finish && !this.#data.may.finish) return;
    if (finish && editor.empty) return this.#finishOnly();
    if (editor.refusal) {
      this.notices.problem('send', editor.refusal);
      return editor.focus();
    }
    const { edits } = editor;
    this.#busy = true;
    try {
      const wrapUp = finish ? await askWrapUp(this.base, this.#data.wrap_up, true) : undefined;
      if (finish && wrapUp === undefined) return;
      editor.busy(true);
      await this.#send(editor, wrapUp, edits);
    } catch (problem) {
      this.#failed(editor, problem, finish);
    } finally {
      this.#busy = false;
      editor.busy(false);
      // The focus goes back where a button lost it, but is not taken from the desk around us.
      const lost = document.hasFocus() && document.activeElement === document.body;
      if (lost && this.kind === kind) editor.focus();
    }
    this.refresh();
  }

  /// - Parameter edits: as of when it was asked for.
  async #send(editor, wrapUp, edits) {
    const answer = await send(editor, this.base, this.thread, edits);
    if (!answer) return;
    for (const notice of ['send', 'wrote-again', 'file', 'undo']) this.notices.hide(notice);
    if (answer.status === 'changed') return this.notices.problem('send', t('earlierSent'));
    announce(t(`sent_${editor.kind}`));
    const { id, withdrawable_until: until } = answer;
    if (until) this.undo.begin({ id, until, wrapUp });
    else if (wrapUp !== undefined) await this.finish(wrapUp);
  }

  #failed(editor, problem, finish) {
    if (!problem.code) throw problem;
    editor.draft.touch();
    if (problem.code === 'wrote_again') return this.wroteAgain(problem.body.newest);
    if (!problem.uncertain) return this.notices.problem('send', words(problem));
    (editor.tried ??= []).push({ body: editor.text, ids: editor.files.ids });
    const again = () => {
      editor.focus();
      return this.submit(editor.kind, finish);
    };
    this.notices.problem('send', t('uncertain'),
      [button('send-again', t('sendAgain'), again, { kind: 'primary' })]);
  }

  async #finishOnly() {
    const wrapUp = await askWrapUp(this.base, this.#data.wrap_up, false);
    if (wrapUp !== undefined) await this.finish(wrapUp);
  }

  /// Finishes after an answer, unless another window has taken it back, which one out of sight is not told.
  async #finishSent({ id, wrapUp }, options) {
    if (!options) {
      const { messages } = await get(this.base).catch(() => ({ messages: [] }));
      if (messages.find((one) => one.id === id)?.delivery?.withdrawn) return this.refresh();
    }
    return this.finish(wrapUp, options);
  }

  async finish(wrapUp, options) {
    try {
      await post(`${this.base}/finish`, { wrap_up: wrapUp }, options);
      this.notices.hide('finish');
      announce(t('finished'));
    } catch (problem) {
      const asked = problem.code === 'wrap_up_required';
      const again = () => (asked ? this.#finishOnly() : this.finish(wrapUp));
      this.notices.problem('finish', `${t('notFinished')} ${words(problem)}`,
        [button('finish-again', t('tryAgain'), again, { kind: 'primary' })]);
    }
    this.refresh();
  }

  async #dismiss() {
    const reason = await askReason();
    if (!reason) return;
    try {
      await post(`${this.base}/dismiss`, { reason, seen: this.thread.seen });
      this.notices.show('dismissed', t('dismissed'));
      // The thread is closed with that; the agent's part at Genesys has an end of its own.
      if (this.#data.may.finish) await this.#finishOnly();
    } catch (problem) {
      if (problem.code === 'wrote_again') this.wroteAgain(problem.body.newest);
      else this.notices.problem('dismissed', words(problem));
    }
    this.refresh();
  }

  /// Takes an answer back. The bridge keeps it as the draft, before what has been written since; so that
  /// nothing is saved over it, the field waits until it stands there.
  async #takeBack(sent) {
    // What is being sent would take along what comes back.
    if (this.#busy) return this.undo.resume(sent);
    const { id } = sent;
    const { answer } = this.editors;
    this.#busy = true;
    answer.busy(true);
    let unsaved = false;
    try {
      await answer.rest(() => answer.draft.flush());
      unsaved = answer.draft.dirty;
      const { draft } = await answer.draft.hold(
        post(`${this.base}/messages/${encodeURIComponent(id)}/withdraw`));
      this.#restored(draft, unsaved);
    } catch (problem) {
      this.notices.problem('undo', words(problem));
      if (problem.code === 'draft_full') {
        this.undo.resume(sent);
        this.mode('answer', true);
      }
      // A browser may repeat a call whose answer it lost; the second one comes too late.
      const unclear = problem.uncertain || problem.code === 'withdrawn_too_late';
      const found = unclear ? await answer.draft.hold(takenBack(this.base, id)) : {};
      if (found.taken) this.#restored(found.draft, unsaved);
      else if (unclear && now() < sent.until) this.undo.resume(sent);
    } finally {
      this.#busy = false;
      answer.busy(false);
    }
    this.refresh();
  }

  /// - Parameter unsaved: whether the bridge did not have what stood in the field.
  #restored(draft, unsaved) {
    const { answer } = this.editors;
    const files = answer.files.done;
    answer.renew();
    this.notices.hide('send');
    // Nor has it a file that came since.
    if (!unsaved) answer.set(draft);
    else if (draft) answer.add(draft);
    answer.files.keep(files);
    this.notices.hide('undo');
    this.mode('answer', true);
    announce(t('undone'));
  }

  /// Saves what is written; with `leaving` also when the page is about to go.
  flush(leaving = false) {
    return Promise.all(kinds.map((kind) => this.editors[kind].draft.flush({ keepalive: leaving })));
  }

  stop() { return Promise.all([this.flush(true), this.undo.stop()]); }

  #label() {
    const { may } = this.#data ?? {};
    const { answer } = this.editors;
    show(answer.finish, may?.finish ?? false);
    answer.finish.lastChild.textContent = t(answer.empty ? 'finish' : 'sendFinish');
  }

  #readOnly(why) {
    const rest = kinds.map((kind) => this.editors[kind].text).filter((text) => text.trim());
    const { finish, dismiss } = this.#data.may;
    const read = JSON.stringify([why, finish, dismiss, rest]);
    // What is being selected there to be copied stays.
    if (read === this.#read) return;
    this.#read = read;
    fill(this.reading, el('p', {}, icon('eye'), t(`why_${why}`)),
      finish && button('finish', t('finish'), () => this.#finishOnly(), { kind: 'primary' }),
      dismiss && button('dismiss-open', t('dismiss'), () => this.#dismiss()),
      rest.map((text, index) => el('div', { class: 'field' },
        el('div', { class: 'line' },
          el('label', { for: `rest-${index}` }, t('unsentDraft')), copyButton('copy-draft', text)),
        el('textarea', {
          id: `rest-${index}`, readonly: true, rows: 3, dir: 'auto', 'data-test': 'unsent',
        }, text))),
      signedInAs());
  }

  #arrow(event) {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    this.mode(this.kind === 'answer' ? 'note' : 'answer');
    this.tabs[this.kind].focus();
  }
}
