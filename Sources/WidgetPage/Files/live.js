import { call } from './api.js';

const silence = 45_000;

/// The stream of what changes, read by `fetch` so that it can carry our session in a header. It comes
/// back by itself, later each time.
export class Live {
  #path;
  #on;
  #slow = false;
  #running = null;
  #generation = null;
  #attempt = 0;
  #wake = () => {};

  /// - Parameter on: `changed({mark})`, `present({agents})`, `end({code})`, and `state(live)`.
  /// - Parameter signal: aborted when it is not to start again.
  constructor(path, on, signal) {
    this.#path = path;
    this.#on = on;
    addEventListener('online', () => this.#wake(), { signal });
    signal.addEventListener('abort', () => this.stop());
  }

  start() {
    if (this.#generation) return;
    this.#generation = {};
    this.#run(this.#generation);
  }

  stop() {
    this.#generation = null;
    this.#running?.abort();
    this.#wake();
  }

  /// Seldom while nobody looks, at once when somebody does again.
  slow(slow) {
    if (slow === this.#slow) return;
    this.#slow = slow;
    this.#running?.abort('pace');
    this.#wake();
  }

  async #run(generation) {
    while (this.#generation === generation) {
      this.#running = new AbortController();
      const { signal } = this.#running;
      try {
        const response = await call('GET', this.#path + (this.#slow ? '?slow=1' : ''), { signal });
        this.#attempt = 0;
        this.#on.state(true);
        await this.#read(response.body.getReader());
      } catch (problem) {
        if (problem.status === 401 || problem.status === 404) {
          if (this.#generation === generation) this.#generation = null;
          this.#on.end({ code: problem.code });
        }
      }
      if (this.#generation !== generation) break;
      if (signal.reason === 'pace') continue;
      this.#on.state(false);
      await this.#pause();
    }
  }

  async #pause() {
    const longest = Math.min(1_000 * 2 ** this.#attempt, 30_000);
    this.#attempt += 1;
    await new Promise((resolve) => {
      this.#wake = resolve;
      setTimeout(resolve, longest * (0.5 + Math.random() / 2));
    });
  }

  async #read(reader) {
    const decoder = new TextDecoder();
    let rest = '';
    for (;;) {
      // The bridge says something each 15 s; a line that went dead without a word is let go.
      const dead = setTimeout(() => this.#running.abort('silence'), silence);
      const { done, value } = await reader.read().finally(() => clearTimeout(dead));
      if (done) return;
      rest += decoder.decode(value, { stream: true }).replaceAll('\r\n', '\n');
      const events = rest.split('\n\n');
      rest = events.pop();
      for (const event of events) this.#handle(event);
    }
  }

  #handle(event) {
    let name = 'message';
    const data = [];
    for (const line of event.split('\n')) {
      const [field, ...value] = line.split(':');
      const text = value.join(':').replace(/^ /, '');
      if (field === 'event') name = text;
      else if (field === 'data') data.push(text);
    }
    if (!data.length || !['changed', 'present', 'end'].includes(name)) return;
    if (name === 'end') this.stop();
    try {
      this.#on[name](JSON.parse(data.join('\n')));
    } catch (error) {
      console.error(error);
    }
  }
}
