// What one can do with a message: app shortcuts, edit, delete, copy.
import { explain, post } from "./api.js";
import { refresh } from "./context.js";
import { el } from "./dom.js";
import { unescapeText } from "./mrkdwn.js";
import { confirmDialog, openMenu, toast } from "./popups.js";
import { botName, messagesIn, names, shortcuts, store } from "./store.js";

const attempt = async (method, body) => {
  try {
    await post(method, { user: store.user, ...body });
  } catch (error) {
    toast(explain(error));
  }
  await refresh();
};

/** The menu behind the three dots of a message. */
export function openMessageMenu(anchor, channelId, ts) {
  const message = messagesIn(channelId).find((one) => one.ts === ts);
  if (!message) return;
  const own = message.user === store.user && !message.ephemeral_for;
  const items = message.ephemeral_for ? [] : shortcuts("message").map((shortcut) => ({
    label: shortcut.name ?? shortcut.callback_id,
    note: shortcut.description ? `${botName()} · ${shortcut.description}` : botName(),
    run: () => attempt("shortcut", { callback_id: shortcut.callback_id, channel: channelId, message_ts: ts }),
  }));
  if (items.length) items.push(null);
  items.push({ label: "Copy text", run: () => navigator.clipboard?.writeText(asTyped(message.text ?? "")).catch(() => toast("The browser did not allow copying.")) });
  if (own) {
    items.push({ label: "Edit message", run: () => startEditing(channelId, ts) });
    items.push({ label: "Delete message", isDanger: true, run: () => remove(channelId, ts) });
  }
  openMenu(anchor, items, "Message actions");
}

async function remove(channelId, ts) {
  const question = { title: "Delete this message?", text: { type: "plain_text", text: "It will be gone for everybody." }, confirm: "Delete", style: "danger" };
  if (await confirmDialog(question, names)) await attempt("delete", { channel: channelId, ts });
}

async function startEditing(channelId, ts) {
  store.editing = `${channelId}/${ts}`;
  await refresh();
}

/** Stored text as the person typed it: without escapes, with names instead of ids. */
export function asTyped(text) {
  const plain = text.replace(/<([@#!]?)([^|>]+)(?:\|([^>]*))?>/g, (whole, kind, target, label) => {
    if (kind === "@") return `@${names.user(target) ?? label ?? target}`;
    if (kind === "#") return `#${names.channel(target) ?? label ?? target}`;
    return kind === "!" ? `@${target}` : target;
  });
  return unescapeText(plain);
}

/** The box in place of a message that is being edited. */
export function editor(channelId, message) {
  const before = asTyped(message.text ?? "");
  const field = el("textarea", { class: "field", rows: String(Math.min(8, before.split("\n").length + 1)), "aria-label": "Edit message", value: before });
  const stop = async () => {
    store.editing = null;
    await refresh();
    document.querySelector(".pane:not([hidden]) .composer textarea")?.focus();
  };
  const save = async () => {
    const text = field.value.trim();
    store.editing = null;
    if (text && text !== before) await attempt("edit", { channel: channelId, ts: message.ts, text });
    else await stop();
  };
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") stop();
    else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) save();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  const buttons = el(
    "div",
    { class: "editor-buttons" },
    el("button", { class: "button", type: "button", text: "Cancel", on: { click: stop } }),
    el("button", { class: "button solid primary", type: "button", text: "Save", on: { click: save } }),
  );
  requestAnimationFrame(() => field.focus());
  return el("div", { class: "editor" }, field, buttons);
}
