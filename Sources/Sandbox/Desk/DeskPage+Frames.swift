extension DeskPage {
    /// The frames of the apps, and the host's side of the Client App SDK's protocol.
    ///
    /// Message names, members and hooks as in `MyPureCloud/client-app-sdk`: `src/modules/base.ts`,
    /// `lifecycle.ts`, `alerting.ts`, `coreUi.ts` and `myConversations.ts`. How long the real host waits is
    /// not published.
    static let frames = #"""
        import { toast } from './toasts.js';

        const protocol = 'purecloud-client-apps';
        const limit = 10;
        const patience = { bootstrap: 10, stop: 5 };
        const byId = (id) => document.getElementById(id);

        function log(key, direction, text) {
          const line = document.createElement('li');
          line.textContent = `${new Date().toLocaleTimeString()} ${direction} ${key.slice(0, 8)} ${text}`;
          byId('messages').append(line);
          if (byId('messages').children.length > 100) byId('messages').firstChild.remove();
        }

        /// One app in its frame, from its loading to its stop.
        class Frame {
          constructor(key, url, title, origin) {
            this.key = key;
            this.origin = origin;
            this.used = 0;
            this.status = '';
            this.element = document.createElement('iframe');
            this.element.title = title;
            this.element.dataset.app = key;
            this.element.setAttribute('sandbox', 'allow-scripts allow-same-origin allow-forms '
              + 'allow-popups allow-popups-to-escape-sandbox allow-downloads');
            this.element.setAttribute('allow', 'clipboard-write');
            // A login leads through several pages; each may be the one that waits for the hook.
            this.element.onload = () => { if (!this.isReady) this.send('bootstrap'); };
            this.element.src = url;
            byId('frames').append(this.element);
            this.wait('bootstrap', 'The app loads').then((answered) => {
              this.isReady = answered;
              this.say(answered ? '' : `The app did not say within ${patience.bootstrap} s that it is ready.`);
            });
          }

          send(hook) {
            log(this.key, '→', hook);
            this.element.contentWindow?.postMessage(
              { purecloudEventType: 'appLifecycleHook', protocol, hook }, this.origin);
          }

          say(text) {
            this.status = text;
            if (!this.element.hidden) byId('hook').textContent = text;
          }

          /// Whether the app answers in time; shows meanwhile how long it still has. What was waited for
          /// before is waited for no longer.
          wait(hook, text) {
            this.answer?.(this.waiting, false);
            this.waiting = hook;
            return new Promise((resolve) => {
              let left = patience[hook];
              const tell = () => this.say(`${text}… ${left} s`);
              const timer = setInterval(() => {
                left -= 1;
                if (left > 0) tell(); else this.answer?.(hook, false);
              }, 1000);
              this.answer = (answered, fit) => {
                if (answered !== hook) return;
                clearInterval(timer);
                this.answer = null;
                resolve(fit);
              };
              tell();
            });
          }
        }

        export class Frames {
          #frames = new Map();
          #shown = null;
          #uses = 0;
          #tell;
          origin = null;

          /// - Parameter tell: is told an app's count of news, or, without a count, what to show.
          constructor(tell) {
            this.#tell = tell;
            addEventListener('message', (event) => {
              const frame = [...this.#frames.values()].find(
                (it) => it.element.contentWindow === event.source);
              if (!frame || event.origin !== this.origin || event.data?.protocol !== protocol) return;
              log(frame.key, '←', String(event.data.action));
              this.#receive(frame, event.data);
            });
          }

          /// Shows the app of that key, which is opened if it is not yet; the others stay as they are.
          show(key, url, title) {
            if (this.#shown === key && this.#frames.has(key)) return;
            this.hide();
            let frame = this.#frames.get(key);
            if (!frame) {
              frame = new Frame(key, url, title, this.origin);
              this.#frames.set(key, frame);
            } else {
              frame.element.hidden = false;
              frame.send('focus');
            }
            this.#uses += 1;
            frame.used = this.#uses;
            this.#shown = key;
            byId('hook').textContent = frame.status;
            this.#makeRoom();
          }

          hide() {
            const frame = this.#frames.get(this.#shown);
            this.#shown = null;
            byId('hook').textContent = '';
            if (!frame) return;
            frame.element.hidden = true;
            if (frame.stopping) return;
            frame.send('blur');
          }

          /// Stops the apps of all other keys.
          keep(keys) {
            for (const key of this.#frames.keys()) {
              if (!keys.includes(key)) this.stop(key);
            }
          }

          /// Lets an app finish what it does, then takes its frame away.
          async stop(key) {
            const frame = this.#frames.get(key);
            if (!frame) return;
            if (frame.stopping) return frame.stopping;
            frame.stopping = (async () => {
              const answered = frame.wait('stop', 'The app stops');
              frame.send('stop');
              if (!await answered) {
                toast(key, {
                  title: 'Agent Desk', type: 'error', id: 'stop',
                  message: `An app did not say within ${patience.stop} s that it has stopped.`,
                });
              }
              if (this.#shown === key) this.hide();
              frame.element.remove();
              this.#frames.delete(key);
            })();
            return frame.stopping;
          }

          #makeRoom() {
            const running = [...this.#frames.values()].filter((it) => !it.stopping);
            if (running.length <= limit) return;
            running.sort((one, other) => one.used - other.used);
            this.stop(running[0].key);
          }

          #receive(frame, data) {
            switch (data.action) {
              case 'bootstrapped':
                frame.isReady = true;
                frame.answer?.('bootstrap', true);
                break;
              case 'stopped':
                frame.answer?.('stop', true);
                break;
              case 'showToast':
                toast(frame.key, data);
                break;
              case 'setAttentionCount':
                this.#tell(frame.key, Math.max(0, Math.trunc(Number(data.count)) || 0));
                break;
              case 'openWindow':
                this.#open(data.targetUrl);
                break;
              case 'showMyInteractionDetails':
              case 'showInteractionDetails':
                this.#tell(String(data.conversationId));
                break;
              default:
                break;
            }
          }

          #open(address) {
            const url = URL.parse(String(address));
            if (['http:', 'https:'].includes(url?.protocol)) window.open(url.href, '_blank', 'noopener');
          }
        }

        """#
}
