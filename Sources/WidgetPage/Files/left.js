import { post, remove } from './api.js';
import { button } from './dom.js';
import { nameOf } from './format.js';
import { words } from './trouble.js';
import { t } from './words.js';

/// Drafts that colleagues left behind: taken over by itself where nothing is written yet, else offered.
export class LeftDrafts {
  #known = new Set();

  constructor(base, editors, notices) {
    Object.assign(this, { base, editors, notices });
  }

  update(left) {
    const keyOf = ({ kind, agent }) => `left-${kind}-${agent.id}`;
    const there = left.map(keyOf);
    this.#known = new Set([...this.#known].filter((key) => there.includes(key)));
    for (const draft of left) {
      const key = keyOf(draft);
      if (this.#known.has(key)) continue;
      this.#known.add(key);
      const editor = this.editors[draft.kind];
      if (editor.empty && !editor.draft.dirty && !editor.taking) this.#take(key, draft, editor);
      else this.#offer(key, draft, editor);
    }
  }

  /// One at a time; what is sent or taken back meanwhile waits for it.
  #take(key, draft, editor, asked) {
    const taking = Promise.resolve(editor.taking).then(() => this.#add(key, draft, editor, asked))
      .finally(() => { if (editor.taking === taking) editor.taking = null; });
    editor.taking = taking;
    return taking;
  }

  async #add(key, draft, editor, asked) {
    const name = nameOf(draft.agent);
    try {
      await editor.draft.flush();
      const { agent, kind } = draft;
      const taken = await editor.draft.hold(post(`${this.base}/draft/take`, { agent: agent.id, kind }));
      // What was written before, or in the meantime, stays in front.
      const own = !editor.empty;
      if (own) editor.add(taken);
      else editor.set(taken);
      this.notices.show(key, t(own ? 'takenToo' : `taken_${editor.kind}`, { name }));
    } catch (problem) {
      this.#known.delete(key);
      // Of one that is gone nobody has to know who did not ask for it.
      if (problem.code === 'not_found' || (problem.status === 409 && !asked)) return;
      this.notices.problem(key, words(problem));
    }
  }

  #offer(key, draft, editor) {
    const name = nameOf(draft.agent);
    this.notices.show(key, t(`left_${draft.kind}`, { name }), {
      actions: [
        button('take', t('addToMine'), () => {
          this.notices.hide(key);
          return this.#take(key, draft, editor, true);
        }),
        button('drop-left', t('discard'), async () => {
          const query = new URLSearchParams({ agent: draft.agent.id, kind: draft.kind });
          try {
            await remove(`${this.base}/draft?${query}`);
            this.notices.hide(key);
          } catch (problem) {
            this.notices.problem(key, words(problem));
          }
        }),
      ],
    });
  }
}
