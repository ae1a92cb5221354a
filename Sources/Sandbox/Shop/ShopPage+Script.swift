extension ShopPage {
    /// Shows texts as texts only: nothing that a person wrote becomes markup.
    static let script = #"""
        'use strict';

        const statuses = {
          sending: ['Sending…', ''],
          accepted: ['Received', ''],
          answered: ['Answered', 'good'],
          unsent: ['Not sent', 'bad'],
          refused: ['Refused', 'bad'],
          dead: ['Could not be delivered', 'bad'],
        };

        const events = {
          'conversation.started': 'Handed to customer service',
          'conversation.accepted': 'An agent is reading this',
          'conversation.transferred': 'Passed on to a colleague',
          'conversation.ended': 'The conversation ended',
          'conversation.updated': 'The conversation was filed',
          'message.dead': 'A message could not be delivered',
        };

        const stands = {
          received: 'We have your message',
          waiting: 'Your message waits for an agent',
          with_agent: 'An agent has your message',
          answered: 'You have an answer',
          closed: 'Closed',
        };

        const byId = (id) => document.getElementById(id);

        function element(name, className, text) {
          const made = document.createElement(name);
          if (className) made.className = className;
          if (text !== undefined) made.textContent = text;
          return made;
        }

        let selected = null;
        // What each row of the list shows, as JSON: only rows that change are made anew, so that a
        // screen reader reads what is new, and no button loses its focus.
        let shown = [];

        function time(at) {
          const made = element('time', '', new Date(at).toLocaleTimeString([], {
            hour: '2-digit', minute: '2-digit',
          }));
          made.dateTime = at;
          return made;
        }

        function status(line) {
          const [text, className] = statuses[line.status] ?? [line.status, ''];
          const made = element('span', className, line.detail ? `${text}: ${line.detail}` : text);
          if (line.status !== 'unsent') return [made];
          const again = element('button', '', 'Send again');
          again.type = 'button';
          again.onclick = () => resend(line.id, again);
          return [made, again];
        }

        function happened(line) {
          if (events[line.type]) return events[line.type];
          if (line.type === 'thread.status' && stands[line.text]) return stands[line.text];
          const text = line.text ? `: ${line.text}` : '';
          return line.type.replaceAll('.', ' ').replaceAll('_', ' ') + text;
        }

        function row(line) {
          const made = element('li', line.kind);
          if (line.kind === 'event') {
            made.append(happened(line), ' · ', time(line.at));
            return made;
          }
          const about = element('div', 'about');
          if (line.kind === 'reply') {
            about.append(line.agent ?? 'Agent', ' · ', time(line.at));
          } else {
            about.append(time(line.at), ' · ', ...status(line));
          }
          made.append(element('div', 'text', line.text ?? ''), about);
          return made;
        }

        function showOrders(orders) {
          const box = byId('orders');
          if (box.childElementCount) return;
          for (const order of orders) {
            const label = element('label', 'order');
            const input = element('input');
            input.type = 'radio';
            input.name = 'order';
            input.value = order.id;
            input.checked = order.id === selected;
            input.onchange = () => { selected = order.id; refresh(); };
            const about = `${order.customer.name} · ${order.status}, ${order.fulfillment_status}`;
            const items = order.items.map((item) => `${item.quantity} × ${item.name}`);
            label.append(
              input, element('strong', '', order.number),
              element('span', '', `${order.total} ${order.currency}`),
              ...[about, ...items].map((line) => element('small', '', line)));
            box.append(label);
          }
        }

        function showThread(state) {
          const order = state.orders.find((order) => order.id === selected);
          const title = `Messages about ${order.number}`;
          const thread = byId('thread');
          if (byId('thread-title').textContent !== title) {
            byId('thread-title').textContent = title;
            thread.replaceChildren();
            shown = [];
          }
          const nothing = { kind: 'empty' };
          const lines = state.threads[selected] ?? [nothing];
          const isNew = lines.length !== shown.length;
          lines.forEach((line, place) => {
            const now = JSON.stringify(Object.entries(line).sort());
            if (now === shown[place]) return;
            shown[place] = now;
            const made = line === nothing
              ? element('li', 'empty', 'Nothing has been written yet.') : row(line);
            if (thread.children[place]) thread.children[place].replaceWith(made);
            else thread.append(made);
          });
          shown.length = lines.length;
          while (thread.children.length > lines.length) thread.lastElementChild.remove();
          if (isNew) thread.scrollTop = thread.scrollHeight;
        }

        function show(state) {
          selected ??= state.orders[0].id;
          byId('start').hidden = Boolean(state.bridge);
          byId('callback').textContent = `${location.origin}/shop/callback`;
          byId('link').className = '';
          byId('link').textContent = state.bridge ? `Bridge: ${state.bridge}` : '';
          byId('send').disabled = !state.bridge;
          showOrders(state.orders);
          showThread(state);
        }

        async function refresh() {
          try {
            const answer = await fetch('/shop/state');
            show(await answer.json());
          } catch {
            byId('link').className = 'lost';
            byId('link').textContent = 'The sandbox does not answer; trying again…';
          }
        }

        async function post(path, body) {
          byId('error').textContent = '';
          try {
            const sent = fetch(path, {
              method: 'POST', headers: { 'Content-Type': 'application/json' },
              body: JSON.stringify(body ?? {}),
            });
            await refresh();
            const answer = await sent;
            if (answer.ok) return true;
            const problem = await answer.json();
            byId('error').textContent = problem.detail;
          } catch {
            byId('error').textContent = 'The sandbox does not answer.';
          } finally {
            await refresh();
          }
          return false;
        }

        async function resend(id, button) {
          button.disabled = true;
          await post(`/shop/messages/${encodeURIComponent(id)}/resend`);
          byId('text').focus();
        }

        byId('form').onsubmit = async (event) => {
          event.preventDefault();
          const text = byId('text');
          const written = text.value;
          if (!written.trim() || byId('send').disabled) return;
          text.value = '';
          if (!await post('/shop/messages', { order: selected, text: written }) && !text.value) {
            text.value = written;
          }
          text.focus();
        };

        byId('text').onkeydown = (event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            byId('form').requestSubmit();
          }
        };

        refresh();
        setInterval(() => { if (!document.hidden) refresh(); }, 1000);
        document.addEventListener('visibilitychange', () => { if (!document.hidden) refresh(); });

        """#
}
