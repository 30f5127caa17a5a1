// One message of a conversation: who, when, what, files, thread, and what can be done with it.
import { avatar } from "./avatar.js";
import { renderBlocks } from "./blocks.js";
import { clockTime, dayKey, dayName, fullTime } from "./clock.js";
import { messageContext } from "./context.js";
import { el, keepFocus, reconcile } from "./dom.js";
import { collectValues } from "./elements.js";
import { fileCard } from "./files.js";
import { icon } from "./icons.js";
import { editor, openMessageMenu } from "./message_actions.js";
import { markdown } from "./markdown.js";
import { mrkdwn } from "./mrkdwn.js";
import { botName, isReply, lastRead, nameOf, names, repliesTo, store } from "./store.js";

const GROUPED_S = 300;

/** Messages with the day lines between them and what each needs to be drawn. */
export function rowsOf(channelId, messages, { isThread }) {
  const rows = [];
  let before = null;
  for (const message of messages) {
    const seconds = Number(message.ts);
    if (!isThread && (!before || dayKey(Number(before.ts)) !== dayKey(seconds))) {
      rows.push({ key: `day ${dayKey(seconds)}`, day: dayName(seconds) });
      before = null;
    }
    const isGrouped = before !== null && before.user === message.user && seconds - Number(before.ts) < GROUPED_S && !before.subtype && !message.ephemeral_for && !before.ephemeral_for;
    const replies = isThread || isReply(message) ? [] : repliesTo(channelId, message.ts);
    const last = replies.at(-1);
    const thread = replies.length ? { count: replies.length, last: last.ts, who: [...new Set(replies.map((reply) => reply.user))].slice(0, 3) } : null;
    if (thread) thread.isNew = replies.some((reply) => reply.user !== store.user && Number(reply.ts) > Number(lastRead(`${channelId}/${message.ts}`)));
    const status = isThread ? null : store.state.statuses?.[channelId]?.[message.ts];
    rows.push({ key: message.ts, channelId, message, isGrouped, isThread, thread, status, files: (message.files ?? []).map(fileState), isEditing: store.editing === `${channelId}/${message.ts}` });
    before = message;
  }
  return rows;
}

const idOf = (file) => (typeof file === "string" ? file : file.id);
function fileState(file) {
  const known = store.state.files?.[idOf(file)];
  return [idOf(file), known?.state, known?.name, known?.mimetype, known?.size];
}

/** Bring a list of rows up to date inside `list`. `open(ts)` opens a thread. */
export function renderRows(list, rows, open) {
  keepFocus(() =>
    reconcile(list, rows, {
      key: (row) => row.key,
      signature: (row) => `${store.user} ${JSON.stringify(row)}`,
      build: (row) => (row.day ? el("div", { class: "day", role: "separator" }, el("span", { text: row.day })) : build(row, open)),
      update: (node, row) => {
        if (row.day || !node.parts || node.builtFor !== store.user) return false;
        fill(node, row, open);
        return true;
      },
    }),
  );
}

function build(row, open) {
  const parts = {
    side: el("div", { class: "side" }),
    head: el("div", { class: "head" }),
    content: el("div", { class: "content" }),
    files: el("div", { class: "message-files" }),
    foot: el("div", { class: "foot" }),
    tools: el("div", { class: "tools", role: "group", "aria-label": "Message actions" }),
  };
  const body = el("div", { class: "body" }, parts.head, parts.content, parts.files, parts.foot);
  const node = el("article", { class: "message", data: { ts: row.message.ts } }, parts.side, body, parts.tools);
  node.parts = parts;
  node.builtFor = store.user;
  node.blocksContext = messageContext(row.channelId, row.message.ts, collectValues);
  fill(node, row, open);
  return node;
}

function fill(node, row, open) {
  const { parts } = node;
  const { message } = row;
  const seconds = Number(message.ts);
  const author = nameOf(message.user) ?? message.username ?? (message.bot_id ? names.user(message.bot_id) : null) ?? "Slackbot";
  node.className = `message${row.isGrouped ? " grouped" : ""}${message.ephemeral_for ? " ephemeral" : ""}${message.streaming ? " streaming" : ""}`;
  node.setAttribute("aria-label", `${author}, ${clockTime(seconds)}`);
  const time = el("time", { datetime: new Date(seconds * 1000).toISOString(), title: fullTime(seconds), text: clockTime(seconds) });
  parts.side.replaceChildren(row.isGrouped ? time : avatar(message.user));
  const badge = message.bot_id && el("span", { class: "badge", text: "APP" });
  parts.head.replaceChildren(...(row.isGrouped ? [] : [el("strong", { text: author }), badge, time].filter(Boolean)));
  if (message.ephemeral_for) parts.head.append(el("span", { class: "only-you" }, icon("eye"), "Only visible to you"));
  fillContent(node, row);
  reconcile(parts.files, message.files ?? [], {
    key: idOf,
    signature: (file) => JSON.stringify(fileState(file)),
    build: (file) => fileCard(idOf(file), node.blocksContext),
  });
  parts.foot.replaceChildren(...foot(row, open));
  fillTools(node, row, open);
}

function fillContent(node, row) {
  const { message } = row;
  const { content } = node.parts;
  const mode = row.isEditing ? "edit" : message.blocks?.length ? "blocks" : "text";
  if (content.dataset.mode !== mode) content.replaceChildren();
  content.dataset.mode = mode;
  if (mode === "edit") {
    if (!content.firstChild) content.append(editor(row.channelId, message));
  } else if (mode === "blocks") renderBlocks(contentPart(content, "blocks"), message.blocks, node.blocksContext);
  else {
    const words = message.text ?? "";
    const nodes = message.streaming || message.is_markdown ? markdown(words) : mrkdwn(words, names);
    contentPart(content, message.streaming ? "markdown text" : "lines text").replaceChildren(...nodes);
  }
  content.querySelector(":scope > .edited")?.remove();
  if (message.edited && mode !== "edit") content.append(el("span", { class: "edited", title: fullTime(Number(message.edited.ts)), text: "(edited)" }));
}

function contentPart(content, className) {
  if (content.firstChild?.className !== className) content.replaceChildren(el("div", { class: className }));
  return content.firstChild;
}

function foot({ channelId, message, thread, status }, open) {
  const nodes = [];
  if (thread) {
    const faces = thread.who.map((id) => avatar(id, "small"));
    const words = `${thread.count} ${thread.count === 1 ? "reply" : "replies"}`;
    const label = `${words} in thread${thread.isNew ? ", new ones among them" : ""}`;
    nodes.push(
      el("button", { class: `thread-link${thread.isNew ? " new" : ""}`, type: "button", "aria-label": label, data: { focusKey: `${channelId}/${message.ts}/thread` }, on: { click: () => open(message.ts) } },
        faces, el("span", { class: "thread-count", text: words }), el("small", { text: `Last at ${clockTime(Number(thread.last))}` })),
    );
  }
  if (status) nodes.push(statusLine(status));
  return nodes;
}

/** "whospoke is thinking…" */
export function statusLine(status) {
  const words = typeof status === "string" ? status : (status.status ?? status.text ?? "");
  return el("p", { class: "status", role: "status" }, el("span", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i")), `${botName()} ${words}`);
}

function fillTools(node, row, open) {
  const { tools } = node.parts;
  if (row.message.subtype === "tombstone") return tools.replaceChildren();
  if (tools.childElementCount) return undefined;
  if (!row.isThread && !row.message.ephemeral_for) {
    const reply = el("button", { class: "icon-button", type: "button", "aria-label": "Reply in thread", title: "Reply in thread" }, icon("reply"));
    reply.addEventListener("click", () => open(row.message.thread_ts ?? row.message.ts));
    tools.append(reply);
  }
  const more = el("button", { class: "icon-button", type: "button", "aria-label": "More actions", title: "More actions", "aria-haspopup": "menu", "aria-expanded": "false" }, icon("more"));
  more.addEventListener("click", () => openMessageMenu(more, row.channelId, row.message.ts));
  tools.append(more);
  return undefined;
}
