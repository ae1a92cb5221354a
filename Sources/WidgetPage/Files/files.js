import { headers, place, Problem, remove } from './api.js';
import { button, el, foreign, icon } from './dom.js';
import { size } from './format.js';
import { words } from './trouble.js';
import { t } from './words.js';

/// The files that go with a text: checked before they are sent, sent one by one with their progress.
export class Files {
  #rows = new Map();
  #refusals = [];
  element = el('ul', { class: 'files own', 'aria-label': t('attachments'), 'data-test': 'files' });

  /// - Parameter told: called when the set of files changed.
  /// - Parameter refused: called with the words for the files that cannot go.
  constructor(base, { maxFile, fileTypes }, told, refused) {
    Object.assign(this, { base, maxFile, fileTypes, told, refused });
    this.picker = el('input', {
      type: 'file', multiple: true, hidden: true, accept: fileTypes.join(','), 'data-test': 'file-input',
      onchange: () => {
        this.add(this.picker.files);
        this.picker.value = '';
      },
    });
  }

  get done() { return [...this.#rows.values()].map(({ file }) => file).filter(Boolean); }
  get ids() { return this.done.map(({ id }) => id); }
  get busy() { return [...this.#rows.values()].some(({ file }) => !file); }
  get count() { return this.#rows.size; }

  add(files) {
    this.#refusals = [];
    for (const file of files) {
      const name = file.name || t('unnamedFile');
      if (file.size > this.maxFile) this.#refuse(t('fileTooLarge', { name, size: size(this.maxFile) }));
      else if (!file.size) this.#refuse(t('fileEmpty', { name }));
      else if (!this.fileTypes.includes(file.type)) this.#refuse(t('fileType', { name }));
      else this.#upload(file, name);
    }
  }

  #refuse(text) {
    this.#refusals.push(text);
    this.refused(this.#refusals.join('\n'));
  }

  /// Shows files that the bridge has already, in place of others that it has.
  set(files) {
    for (const [key, { file, element }] of this.#rows) {
      // One that is on its way stays.
      if (!file) continue;
      element.remove();
      this.#rows.delete(key);
    }
    this.keep(files);
  }

  keep(files) {
    for (const file of files ?? []) if (!this.ids.includes(file.id)) this.#row({ file });
  }

  #row(entry) {
    const key = Symbol('file');
    const { name, size: bytes } = entry.file ?? entry;
    entry.bar = el('progress', { max: 100, value: 0, 'aria-label': t('uploading', { name }) });
    entry.bar.hidden = Boolean(entry.file);
    entry.element = el('li', { 'data-test': 'file' }, icon('clip'), foreign(name, 'span'),
      el('span', { class: 'quiet' }, size(bytes)), entry.bar,
      button('remove-file', t('removeFile', { name }), () => this.#drop(key, true),
        { shape: 'close', quiet: true }));
    this.#rows.set(key, entry);
    this.element.append(entry.element);
    return key;
  }

  #drop(key, unwanted) {
    const { file, upload, element } = this.#rows.get(key) ?? {};
    upload?.abort();
    // What nobody names any more the bridge throws away in time.
    if (unwanted && file) remove(`${this.base}/files/${encodeURIComponent(file.id)}`).catch(() => {});
    element?.remove();
    this.#rows.delete(key);
    this.told();
  }

  #upload(data, name) {
    const upload = new XMLHttpRequest();
    const entry = { name, size: data.size, upload };
    const key = this.#row(entry);
    const fail = (problem) => {
      if (!this.#rows.has(key)) return;
      this.#drop(key, false);
      this.#refuse(t('fileFailed', { name, why: words(problem) }));
    };
    upload.open('POST', `${place(this.base)}/files?name=${encodeURIComponent(name)}`);
    for (const [header, value] of Object.entries(headers({ 'Content-Type': data.type }))) {
      upload.setRequestHeader(header, value);
    }
    upload.responseType = 'json';
    upload.upload.onprogress = ({ loaded, total }) => { entry.bar.value = (100 * loaded) / (total || 1); };
    upload.onerror = () => fail(new Problem(0));
    upload.onload = () => {
      if (upload.status !== 201) return fail(new Problem(upload.status, upload.response ?? {}));
      if (!this.#rows.has(key)) return remove(`${this.base}/files/${upload.response.id}`).catch(() => {});
      entry.file = upload.response;
      entry.bar.hidden = true;
      this.told();
    };
    upload.send(data);
    this.told();
  }
}

/// Lets files be dropped on a node.
///
/// - Parameter target: gives the files they join, or `null` while none are taken.
export function takeDrops(node, target) {
  const over = (event, shown) => {
    const taken = event.dataTransfer?.types.includes('Files') && target();
    if (taken) event.preventDefault();
    node.classList.toggle('over', Boolean(taken) && shown);
    return taken;
  };
  node.addEventListener('dragover', (event) => over(event, true));
  node.addEventListener('dragleave', (event) => over(event, false));
  node.addEventListener('drop', (event) => over(event, false)?.add?.(event.dataTransfer.files));
}
