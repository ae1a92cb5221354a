import { post } from './api.js';

/// Brings what stands in an editor to the bridge: once, however often that is tried.
///
/// - Parameter thread: knows up to which message the agent has read.
/// - Parameter edits: the editor's, as of when it was asked for.
/// - Returns: the bridge's answer; `null` where something came into the field meanwhile, which is read first.
///   With the status `changed` an earlier attempt had arrived, and what was not in it stands in the field.
export async function send(editor, base, thread, edits) {
  await editor.rest(() => editor.draft.settle());
  // What a colleague left has come behind it.
  if (editor.edits !== edits) {
    editor.draft.touch();
    return null;
  }
  const { kind, key, tried, text: body, files: { ids } } = editor;
  const answer = await editor.draft.hold(
    post(`${base}/messages`, { kind, body, files: ids, seen: thread.seen, key }));
  if (answer.status === 'withdrawn') {
    // An earlier attempt had arrived and was taken back; what is asked for now is a sending of its own.
    editor.renew();
    return send(editor, base, thread, editor.edits);
  }
  // Which of the earlier attempts arrived is not known: what was in all of them did.
  const others = tried?.filter((one) => one.body !== body || String(one.ids) !== String(ids)) ?? [];
  const arrived = (had) => others.length > 0 && others.every(had);
  const later = editor.files.done.filter(({ id }) => !ids.includes(id));
  const files = editor.files.done.filter(({ id }) => !arrived((one) => one.ids.includes(id)));
  editor.sent();
  // A file that was chosen before and came since goes with what is written next.
  editor.files.keep(later);
  // What was kept since an earlier attempt is no draft of it.
  if (answer.status !== 'accepted') editor.draft.touch();
  if (answer.status === 'changed') editor.add({ body: arrived((one) => one.body === body) ? '' : body, files });
  return answer;
}
