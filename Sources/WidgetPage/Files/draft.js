import { put } from './api.js';

const quiet = 800;
const again = 5_000;

/// Keeps an editor's text at the bridge: a while after the typing stops, or at once when asked.
///
/// One call is under way at a time, so that an older text cannot come after a newer one.
export class Draft {
  #timer = null;
  #running = null;
  #dirty = false;
  #open = 0;

  /// - Parameter read: gives what is to be kept, as `{body, files}`.
  /// - Parameter told: called with `saved`, `failed` or `dirty`.
  constructor(path, kind, read, told) {
    Object.assign(this, { path, kind, read, told });
  }

  get dirty() { return this.#dirty; }

  /// Whether the bridge has all that was written.
  get settled() { return !this.#dirty && this.#open === 0; }

  touch() {
    this.#dirty = true;
    this.told('dirty');
    this.#later(quiet);
  }

  /// Saves at once what is not saved yet.
  async flush({ keepalive = false } = {}) {
    clearTimeout(this.#timer);
    // A page that is going away cannot wait for its turn.
    if (!keepalive) await this.#running;
    // Another call may have taken what is to be saved along; one that the page does not outlive may not arrive.
    if (!this.#dirty && !(keepalive && this.#open)) return keepalive ? null : this.#running;
    this.#dirty = false;
    this.#open += 1;
    this.#running = put(this.path, { kind: this.kind, ...this.read() }, { keepalive })
      .then(() => { if (!this.#dirty) this.told('saved'); }, (problem) => {
        this.#dirty = true;
        this.told('failed');
        if (problem.uncertain || problem.status === 401) this.#later(again);
      }).finally(() => { this.#open -= 1; });
    return this.#running;
  }

  /// Saves nothing until that call has ended.
  hold(call) {
    this.#running = call.catch(() => {});
    return call;
  }

  /// Waits for a call under way and saves no more, because the text itself is about to be sent.
  async settle() {
    clearTimeout(this.#timer);
    this.#dirty = false;
    await this.#running;
    clearTimeout(this.#timer);
    this.#dirty = false;
  }

  #later(wait) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), wait);
  }
}
