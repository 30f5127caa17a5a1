// What blocks need from the page around them: names, typed values, and a way to press. renderBlocks notes in a context
// which blocks it shows now: a press sends the values of these, whatever was drawn when the button was.
import { explain, fileUrl, post, upload } from "./api.js";
import { confirmDialog, toast } from "./popups.js";
import { channel, formOf, nameOf, names, people, store, visibleChannels } from "./store.js";

let refreshNow = () => Promise.resolve();

/** main.js says how to fetch the state again. */
export const onRefresh = (refresh) => (refreshNow = refresh);
export const refresh = () => refreshNow();

/** A file's record by id or by one of its addresses. */
function fileOf(reference) {
  const id = typeof reference === "object" ? reference?.id : reference;
  const files = store.state.files ?? {};
  // A private address ends in /files-pri/TEAM-FILE/NAME.
  const inside = /\/files-pri\/[^/-]+-([^/]+)/.exec(id ?? "")?.[1];
  return files[id] ?? files[inside] ?? Object.values(files).find((file) => id && file.external_id === id);
}

const common = (key) => ({
  blocks: [],
  key: `${store.user}/${key}`,
  me: store.user,
  form: formOf(`${store.user}/${key}`),
  names,
  file: fileOf,
  fileUrl: (id) => fileUrl(id, store.user),
  people: () => store.state.users.filter((user) => !user.deleted).map((user) => ({ id: user.id, label: nameOf(user.id) })),
  channels: () => visibleChannels().map((room) => ({ id: room.id, label: `#${room.name}` })),
});

const send = (body) => async (request) => {
  await post("press", { user: store.user, ...body(), ...request });
  await refresh();
};

/** For the blocks of a message. */
export function messageContext(channelId, ts, collect) {
  const context = common(`${channelId}/${ts}`);
  context.press = send(() => ({ channel: channelId, message_ts: ts, values: collect(context.blocks, context.form) }));
  context.deleteFile = async (file) => {
    const question = { title: "Delete this file?", text: { type: "plain_text", text: `${file.name} will be gone for everybody.` }, confirm: "Delete", style: "danger" };
    if (!(await confirmDialog(question, names))) return;
    await post("delete_file", { user: store.user, file_id: file.id }).catch((error) => toast(explain(error)));
    await refresh();
  };
  return context;
}

/** For the blocks of a modal or the Home tab. */
export function viewContext(viewId, collect) {
  const context = { ...common(`view/${viewId}`), viewId };
  context.press = send(() => ({ view_id: viewId, values: collect(context.blocks, context.form) }));
  context.uploadFiles = async (files, onProgress) => {
    const answer = await upload({ user: store.user, view_id: viewId }, files, onProgress);
    await refresh();
    return answer.file_ids;
  };
  return context;
}

/** People who can be mentioned in a conversation. */
export const mentionable = (channelId) => {
  const members = channel(channelId)?.members ?? [];
  return [...new Set([...members, ...people().map((user) => user.id)])].map((id) => ({ id, label: nameOf(id) })).filter((item) => item.label);
};
