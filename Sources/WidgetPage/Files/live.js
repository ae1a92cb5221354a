import { call, get } from './api.js';

const silence = 45_000;
const seldom = 15_000;

/// What changes of a conversation, in either of two ways, and by itself again after a failure, later
/// each time.
///
/// While somebody looks it is a stream, read by `fetch` so that it can carry our session in a header.
/// While nobody does, only the conversation's mark is asked for now and then: a browser keeps six
/// connections to a host, which the streams of the other tabs would use up.
export class Live {
  #base;
  #on;
  #looking = true;
  #running = null;
  #generation = null;
  #attempt = 0;
  #wake = () => {};

  /// - Parameter on: `changed({mark})`, `present({agents})`, `end({code})`, and `state(live)`.
  /// - Parameter signal: aborted when it is not to start again.
  constructor(base, on, signal) {
    this.#base = base;
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

  look(looking) {
    if (looking === this.#looking) return;
    this.#looking = looking;
    this.#running?.abort('pace');
    this.#wake();
  }

  async #run(generation) {
    while (this.#generation === generation) {
      this.#running = new AbortController();
      const { signal } = this.#running;
      try {
        await (this.#looking ? this.#stream(signal) : this.#ask(signal));
      } catch (problem) {
        if (problem.status === 401 || problem.status === 404) {
          if (this.#generation === generation) this.#generation = null;
          this.#on.end({ code: problem.code });
        }
      }
      if (this.#generation !== generation) break;
      if (signal.reason === 'pace') continue;
      this.#on.state(false);
      const longest = Math.min(1_000 * 2 ** this.#attempt, 30_000);
      this.#attempt += 1;
      await this.#pause(longest * (0.5 + Math.random() / 2));
    }
  }

  async #stream(signal) {
    const response = await this.#spoken(call('GET', `${this.#base}/stream`, { signal }));
    this.#live();
    await this.#read(response.body.getReader());
  }

  async #ask(signal) {
    while (!signal.aborted) {
      const changed = await this.#spoken(get(`${this.#base}/mark`, { signal }));
      if (this.#attempt) this.#live();
      this.#on.changed(changed);
      await this.#pause(seldom);
    }
  }

  #live() {
    this.#attempt = 0;
    this.#on.state(true);
  }

  #pause(time) {
    return new Promise((resolve) => {
      this.#wake = resolve;
      setTimeout(resolve, time);
    });
  }

  /// The bridge says something each 15 s; a line that went dead without a word is let go.
  #spoken(word) {
    const running = this.#running;
    const dead = setTimeout(() => running.abort('silence'), silence);
    return word.finally(() => clearTimeout(dead));
  }

  async #read(reader) {
    const decoder = new TextDecoder();
    let rest = '';
    for (;;) {
      const { done, value } = await this.#spoken(reader.read());
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
