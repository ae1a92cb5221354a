extension DeskPage {
    /// The list of interactions and what an agent does about them.
    static let script = #"""
        import { Frames } from './frames.js';

        const byId = (id) => document.getElementById(id);

        function element(name, attributes = {}, ...children) {
          const made = document.createElement(name);
          for (const [key, value] of Object.entries(attributes)) {
            if (value === false || value === undefined) continue;
            made.setAttribute(key, value === true ? '' : value);
          }
          made.append(...children);
          return made;
        }

        const states = {
          alerting: 'Alerting', connected: 'Connected', parked: 'Parked', disconnected: 'Ended',
        };
        const frames = new Frames(show);
        const counts = new Map();
        let state = null;
        let selected = null;
        // What each row shows, as JSON: only rows that change are made anew, so that none loses its focus.
        const shown = new Map();

        async function post(path, body) {
          const answer = await fetch(path, {
            method: 'POST',
            headers: { 'Content-Type': 'application/json' },
            body: JSON.stringify(body),
          });
          if (answer.status === 401) {
            location.reload();
            return new Promise(() => {});
          }
          if (answer.status === 204) return null;
          const read = await answer.json();
          if (!answer.ok) throw new Error(read.message);
          return read;
        }

        function say(problem) {
          const text = problem instanceof TypeError ? 'The sandbox does not answer.' : problem.message;
          if (byId('error').textContent !== text) byId('error').textContent = text;
        }

        async function act(conversation, body) {
          try {
            await post('/desk/act', { conversation, ...body });
            say({ message: '' });
          } catch (problem) {
            say(problem);
          }
          await refresh();
        }

        function button(conversation, act_, label, body = () => ({})) {
          const made = element('button', { type: 'button', 'data-act': act_ }, label);
          made.onclick = () => {
            if (act_ === 'accept') select(conversation);
            act(conversation, { act: act_, ...body() });
          };
          return made;
        }

        function options(label, list) {
          return element('optgroup', { label }, ...list.map(
            ({ value, name }) => element('option', { value }, name)));
        }

        /// What can be done about it as it stands.
        function actions(one) {
          const { id } = one;
          switch (one.state) {
            case 'alerting':
              return [button(id, 'accept', 'Accept'), button(id, 'decline', 'Decline')];
            case 'parked':
              return [button(id, 'resume', 'Resume'), button(id, 'end', 'End')];
            case 'connected': {
              const target = element('select', { 'aria-label': 'Transfer to', 'data-test': 'target' },
                options('Queues', state.queues.map((it) => ({ value: `queue ${it.id}`, name: it.name }))),
                options('Agents', state.agents.map((it) => ({ value: `agent ${it.id}`, name: it.name }))));
              return [
                button(id, 'park', 'Park'), button(id, 'end', 'End'),
                element('span', { class: 'pair' }, target, button(id, 'transfer', 'Transfer', () => {
                  const [kind, to] = target.value.split(' ');
                  return { [kind]: to };
                })),
              ];
            }
            default: {
              const code = element('select', { 'aria-label': 'Wrap-up code', 'data-test': 'code' },
                ...state.wrapupCodes.map((it) => element('option', { value: it.id }, it.name)));
              return [element('span', { class: 'pair' }, code,
                button(id, 'wrap-up', 'Wrap up', () => ({ code: code.value })))];
            }
          }
        }

        function row(one) {
          const time = new Date(one.since).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
          const open = element('button', {
            type: 'button', class: 'open', 'aria-current': one.id === selected ? 'true' : undefined,
          },
          element('strong', {}, one.customer ?? 'Unknown customer'),
          element('span', {}, one.subject ?? 'No subject'),
          element('span', { class: 'quiet' }, `${states[one.state]} · ${one.queue ?? 'no queue'} · ${time}`));
          open.onclick = () => select(one.id);
          const count = counts.get(one.id) ?? 0;
          const made = element('article', {
            class: `interaction ${one.state}`, 'data-conversation': one.id, 'data-state': one.state,
          }, open);
          if (count > 0) {
            open.append(element('span', { class: 'count', 'data-test': 'attention' },
              `${count} new`));
          }
          if (one.id === selected || one.state === 'alerting') {
            made.append(element('div', { class: 'actions' }, ...actions(one)));
          }
          return made;
        }

        /// A row that is made anew keeps what was chosen in it, where that is still to be had.
        function choose(row, { dataset, value }) {
          const option = [...row.querySelectorAll(`[data-test="${dataset.test}"] option`)]
            .find((it) => it.value === value);
          if (option) option.selected = true;
        }

        function render() {
          const list = byId('interactions');
          const rows = new Map([...list.children].map((it) => [it.dataset.conversation, it]));
          let before = null;
          for (const one of state.interactions) {
            const text = JSON.stringify([one, one.id === selected, counts.get(one.id) ?? 0, state.agents,
              state.queues, state.wrapupCodes]);
            let made = rows.get(one.id);
            if (!made || shown.get(one.id) !== text) {
              const act_ = made?.contains(document.activeElement)
                ? document.activeElement.dataset.act ?? 'open' : null;
              const fresh = row(one);
              for (const chosen of made?.querySelectorAll('select') ?? []) choose(fresh, chosen);
              if (made) made.replaceWith(fresh); else list.append(fresh);
              if (act_) (fresh.querySelector(`[data-act="${act_}"]`) ?? fresh.querySelector('button')).focus();
              made = fresh;
              shown.set(one.id, text);
            }
            rows.delete(one.id);
            if (before ? before.nextSibling !== made : list.firstChild !== made) {
              list.insertBefore(made, before ? before.nextSibling : list.firstChild);
            }
            before = made;
          }
          for (const [id, gone] of rows) {
            gone.remove();
            shown.delete(id);
            counts.delete(id);
          }
          byId('empty').hidden = state.interactions.length > 0;
          byId('agent').textContent = state.agent.name;
        }

        function select(key) {
          selected = key;
          show();
          render();
        }

        /// Shows the frame of what is selected, and says of which interaction it is.
        function show(key, count) {
          if (count !== undefined) {
            counts.set(key, count);
            if (key === 'supervisor') {
              byId('supervisor-app').textContent = `Supervisor's app${count > 0 ? ` (${count} new)` : ''}`;
            }
            render();
            return;
          }
          if (key !== undefined) {
            if (key === 'supervisor' || state.interactions.some((it) => it.id === key)) select(key);
            return;
          }
          const one = state.interactions.find((it) => it.id === selected);
          byId('supervisor-app').setAttribute('aria-pressed', String(selected === 'supervisor'));
          byId('panel-title').textContent = selected === 'supervisor' ? "Supervisor's app"
            : one ? one.customer ?? 'Unknown customer' : 'No interaction chosen';
          byId('reload').hidden = !one && selected !== 'supervisor';
          if (selected === 'supervisor') {
            frames.show('supervisor', state.supervisor, "Supervisor's app");
          } else if (one) {
            frames.show(one.id, one.widget, `Widget of ${one.customer ?? 'an unknown customer'}`);
          } else {
            frames.hide();
          }
        }

        let refreshing = null;
        async function refresh() {
          refreshing ??= update().finally(() => { refreshing = null; });
          return refreshing;
        }

        async function update() {
          let next;
          try {
            next = await post('/desk/poll', {
              language: byId('language').value, popup: byId('popup-auth').checked,
              onQueue: byId('on-queue').checked,
            });
          } catch (problem) {
            say(problem);
            return;
          }
          if (byId('error').textContent === 'The sandbox does not answer.') say({ message: '' });
          const alerting = (list) => list.filter((it) => it.state === 'alerting').map((it) => it.id);
          const known = state ? alerting(state.interactions) : [];
          const news = alerting(next.interactions).filter((id) => !known.includes(id));
          state = next;
          frames.origin = state.widgetOrigin;
          if (news.length > 0) {
            const one = state.interactions.find((it) => it.id === news[0]);
            byId('news').textContent = `New interaction: ${one.customer ?? 'unknown customer'}`;
          }
          const gone = selected && selected !== 'supervisor'
            && !state.interactions.some((it) => it.id === selected);
          if (gone) selected = null;
          frames.keep([...state.interactions.map((it) => it.id), 'supervisor']);
          if (gone) show();
          render();
        }

        byId('supervisor-app').onclick = () => select('supervisor');
        byId('reload').onclick = async () => {
          const key = selected;
          await frames.stop(key);
          if (selected === key) show();
        };
        for (const id of ['language', 'popup-auth', 'on-queue']) byId(id).onchange = refresh;

        await refresh();
        setInterval(refresh, 1000);

        """#
}
