import { newKey } from './api.js';
import { announce, button, el, icon, show } from './dom.js';
import { Draft } from './draft.js';
import { Files } from './files.js';
import { control } from './keys.js';
import { Replies } from './replies.js';
import { t } from './words.js';

const limit = 65_536;

/// The field for an answer or for a note, each with a draft, files and a key of its own.
export class Editor {
  /// Names this text to the bridge, so that it is taken once however often it is sent.
  key = newKey();
  /// How often what stands in it has changed.
  edits = 0;

  /// - Parameter on: `submit(finish)`, `changed()`, `kept()` by the bridge, and `refused(words)` for a file.
  constructor(kind, base, settings, on) {
    Object.assign(this, { kind, base, on });
    this.saved = el('span', { class: 'quiet', 'data-test': `saved-${kind}` });
    this.area = el('textarea', {
      rows: 3, dir: 'auto', id: `text-${kind}`, 'aria-label': t(`write_${kind}`), 'data-test': `text-${kind}`,
      placeholder: t(`placeholder_${kind}`), 'aria-describedby': `count-${kind}`,
      oninput: () => this.#edited(), onblur: () => this.draft.flush(),
      onkeydown: (event) => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        on.submit(false);
      },
      onpaste: (event) => {
        if (!event.clipboardData?.files.length || !this.mayAttach) return;
        event.preventDefault();
        this.files.add(event.clipboardData.files);
      },
    });
    this.count = el('span', { class: 'quiet', id: `count-${kind}` });
    this.files = new Files(base, settings, () => this.#edited(), on.refused);
    this.draft = new Draft(`${base}/draft`, kind, () => ({ body: this.text, files: this.files.ids }),
      (state) => this.#kept(state));
    // Ready-made answers are for customers.
    this.replies = kind === 'answer' ? new Replies(base, (text) => this.insert(text)) : null;
    this.attach = button(`attach-${kind}`, t('attach'), () => this.files.picker.click(),
      { shape: 'clip', 'aria-label': t('attach'), title: t('attach') });
    this.send = button(`send-${kind}`, t(`send_${kind}`), () => on.submit(false),
      { kind: 'primary', shape: kind, title: `${t(`send_${kind}`)} (${control()}+Enter)` });
    this.finish = button('send-finish', t('sendFinish'), () => on.submit(true), {});
    this.element = el('div', {
      class: 'editor', role: 'tabpanel', id: `panel-${kind}`, 'aria-labelledby': `tab-${kind}`,
    },
    kind === 'note' && el('p', { class: 'label' }, icon('note'), t('noteHint')),
    this.replies?.panel,
    el('div', { class: 'paper' }, this.area,
      el('div', { class: 'line', onclick: () => this.focus() }, this.count, this.saved)),
    this.files.element, this.files.picker,
    el('div', { class: 'bar' }, this.replies?.opener, this.attach,
      el('div', { class: 'send' }, kind === 'answer' ? this.finish : null, this.send)));
  }

  get text() { return this.area.value; }
  get empty() { return !this.text.trim() && this.files.count === 0; }
  get mayAttach() { return !this.attach.hidden && !this.attach.disabled; }

  /// Whether the page could be loaded anew and nothing of it would be lost, nor sent twice.
  get settled() { return this.draft.settled && !this.files.busy && this.tried == null && !this.taking; }

  /// Why the text cannot go as it is, in words; `null` where it can.
  get refusal() {
    if (!this.text.trim()) return t(`empty_${this.kind}`);
    if (this.text.length > limit) return t('tooLong', { count: this.text.length - limit });
    return this.files.busy ? t('stillUploading') : null;
  }

  focus() { this.area.focus(); }

  /// Puts a draft of the bridge in place of what stands there; `null` for none.
  set(draft) {
    this.edits += 1;
    this.area.value = draft?.body ?? '';
    this.files.set(draft?.files);
    this.shape();
    this.on.changed();
  }

  /// Shows the draft as another window of the same agent has left it.
  follow(draft) {
    const { body = '', files = [] } = draft ?? {};
    if (body !== this.text || String(files.map(({ id }) => id)) !== String(this.files.ids)) this.set(draft);
  }

  /// Adds a text after what stands there, and keeps it.
  add({ body, files }) {
    this.area.value = [this.text.trimEnd(), body].filter(Boolean).join('\n\n');
    this.files.keep(files);
    this.#edited();
  }

  insert(text) {
    this.focus();
    // The old command, because it is the only way that can be undone with Ctrl+Z.
    if (!document.execCommand?.('insertText', false, text)) {
      this.area.setRangeText(text, this.area.selectionStart, this.area.selectionEnd, 'end');
      this.#edited();
    }
  }

  /// Empties the field after its text went; the next one has another key.
  sent() {
    this.renew();
    this.set();
    this.saved.textContent = '';
  }

  /// What is sent from here on is another text to the bridge.
  renew() {
    this.key = newKey();
    this.tried = null;
  }

  /// Waits until nothing is taken over any more, and what stands in the field is kept, or let go.
  async rest(keep) {
    do {
      await this.taking;
      await keep();
    } while (this.taking);
  }

  busy(busy) {
    for (const node of [this.send, this.finish, this.attach]) node.disabled = busy;
    this.area.readOnly = busy;
    if (this.replies) this.replies.panel.inert = busy;
    this.element.setAttribute('aria-busy', String(busy));
  }

  /// The eye sees what becomes of the draft; the ear hears only that it is not kept.
  #kept(state) {
    this.saved.textContent = state === 'dirty' ? '' : t(`draft_${state}`);
    if (state === 'dirty') return;
    if (state === 'failed' && this.outcome !== state) announce(t('draft_failed'));
    this.outcome = state;
    if (state === 'saved') this.on.kept();
  }

  #edited() {
    this.edits += 1;
    this.shape();
    this.draft.touch();
    this.on.changed();
  }

  /// Fits the field to its text where the browser does not; one that is not shown has no height to fit.
  shape() {
    if (!CSS.supports('field-sizing', 'content') && this.area.scrollHeight) {
      this.area.style.blockSize = 'auto';
      this.area.style.blockSize = `${this.area.scrollHeight + 2}px`;
    }
    const left = limit - this.text.length;
    this.count.textContent = left < 5_000 ? t('charactersLeft', { count: left }) : '';
    show(this.count, left < 5_000);
  }
}
