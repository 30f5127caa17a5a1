// Where one types: messages, slash commands, mentions, files.
import { explain, post, upload } from "./api.js";
import { refresh } from "./context.js";
import { el, freshId } from "./dom.js";
import { sizeWords } from "./files.js";
import { icon } from "./icons.js";
import { openMenu } from "./popups.js";
import { botName, channel, commands, draft, setDraft, shortcuts, store } from "./store.js";
import { createSuggestions } from "./suggestions.js";

/** The composer of one place. */
export function createComposer({ channelId, threadTs, place, onSent }) {
  const room = channel(channelId);
  const where = threadTs ? "Reply in thread" : room?.is_im ? `Message ${botName()}` : `Message #${room?.name ?? ""}`;
  const listId = freshId("suggestions");
  const field = el("textarea", { rows: "1", "aria-label": where, placeholder: where, "aria-autocomplete": "list", "aria-controls": listId, data: { focusKey: `composer/${place}` }, value: draft(place) });
  const tray = el("ul", { class: "tray", "aria-label": "Attached files" });
  const problem = el("p", { class: "composer-problem", role: "alert" });
  const picker = el("input", { type: "file", multiple: true, class: "visually-hidden", tabindex: "-1", "aria-hidden": "true" });
  const attachButton = el("button", { class: "icon-button", type: "button", "aria-label": "Attach files", title: "Attach files", on: { click: () => picker.click() } }, icon("attach"));
  const examplesButton = el("button", { class: "chip", type: "button", "aria-haspopup": "menu", "aria-expanded": "false", hidden: true }, icon("mic"), "Try a recording");
  const shortcutsButton = el("button", { class: "icon-button", type: "button", "aria-label": "App shortcuts", title: "App shortcuts", "aria-haspopup": "menu", "aria-expanded": "false", hidden: true }, icon("bolt"));
  const sendButton = el("button", { class: "icon-button send", type: "button", "aria-label": "Send", title: "Send (Enter)" }, icon("send"));
  const suggestions = createSuggestions({ field, listId, channelId });
  const bar = el("div", { class: "composer-bar" }, attachButton, shortcutsButton, examplesButton, el("span", { class: "composer-help", text: "Enter sends, Shift+Enter starts a line" }), sendButton);
  const node = el("div", { class: "composer", role: "group", "aria-label": where }, suggestions.node, el("div", { class: "composer-box" }, tray, field, bar, picker), problem);
  let attached = [];
  let sending = null;

  const say = (words) => (problem.textContent = words);
  const grow = () => {
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight, 220)}px`;
    sendButton.disabled = Boolean(sending) || (!field.value.trim() && !attached.length);
  };
  const drawTray = () => {
    tray.replaceChildren(...attached.map((file) => {
      const remove = el("button", { class: "icon-button", type: "button", "aria-label": `Remove ${file.name}` }, icon("close"));
      remove.addEventListener("click", () => {
        attached = attached.filter((other) => other !== file);
        drawTray();
        field.focus();
      });
      return el("li", {}, icon("file"), el("span", { class: "file-name", text: file.name }), el("small", { text: sizeWords(file.size) }), sending ? null : remove);
    }));
    grow();
  };
  const attach = (files) => {
    attached = [...attached, ...files].slice(0, 10);
    say("");
    drawTray();
    field.focus();
  };

  async function sendFiles(text) {
    const abort = new AbortController();
    const bar = el("progress", { max: "1", value: "0", "aria-label": "Upload" });
    const cancel = el("button", { class: "button", type: "button", text: "Cancel", on: { click: () => abort.abort() } });
    const line = el("div", { class: "upload-line", role: "status" }, el("span", { text: "Uploading…" }), bar, cancel);
    node.prepend(line);
    try {
      const fields = { user: store.user, channel: channelId, thread_ts: threadTs ?? undefined, text };
      await upload(fields, attached, (share) => (bar.value = share), abort.signal);
    } finally {
      line.remove();
    }
  }

  async function sendText(text) {
    const command = /^\/\S+/.exec(text)?.[0];
    if (!command) return post("message", { user: store.user, channel: channelId, text, thread_ts: threadTs ?? undefined });
    if (threadTs) throw new Error(`Slack does not run ${command} inside a thread. Type it in the conversation itself.`);
    if (!commands().some((known) => known.command === command)) {
      const known = commands().map((one) => one.command).join(", ");
      throw new Error(`${command} is not a command here.${known ? ` Try ${known}.` : ""}`);
    }
    return post("command", { user: store.user, channel: channelId, command, text: text.slice(command.length).trim() });
  }

  async function send() {
    const text = field.value.trim();
    if (sending || (!text && !attached.length)) return;
    say("");
    sending = true;
    node.setAttribute("aria-busy", "true");
    drawTray();
    const typed = field.value;
    field.value = "";
    grow();
    try {
      if (attached.length) await sendFiles(text);
      else await sendText(text);
      attached = [];
      setDraft(place, field.value);
      await refresh();
      onSent();
    } catch (error) {
      if (!field.value) field.value = typed;
      if (error.code !== "cancelled") say(error.code ? explain(error) : error.message);
    } finally {
      sending = null;
      node.removeAttribute("aria-busy");
      drawTray();
    }
  }

  field.addEventListener("input", () => {
    setDraft(place, field.value);
    say("");
    grow();
    suggestions.update();
  });
  field.addEventListener("keydown", (event) => {
    if (suggestions.key(event) || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  });
  field.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    attach(files);
  });
  sendButton.addEventListener("click", send);
  picker.addEventListener("change", () => {
    attach([...picker.files]);
    picker.value = "";
  });
  examplesButton.addEventListener("click", () => {
    const items = store.examples.map((example) => ({ label: example.title ?? example.name, note: example.name, run: () => attachExample(example) }));
    if (items.length === 1) items[0].run();
    else openMenu(examplesButton, items, "Example recordings");
  });
  const attachExample = async (example) => {
    const response = await fetch(example.url).catch(() => null);
    if (!response?.ok) return say("The example could not be loaded. Reload the page and try again.");
    const blob = await response.blob();
    return attach([new File([blob], example.name, { type: blob.type })]);
  };
  shortcutsButton.addEventListener("click", () => {
    const run = (one) => post("shortcut", { user: store.user, callback_id: one.callback_id }).then(refresh, (error) => say(explain(error)));
    openMenu(shortcutsButton, shortcuts("global").map((one) => ({ label: one.name ?? one.callback_id, note: one.description, run: () => run(one) })), "App shortcuts");
  });
  requestAnimationFrame(grow);
  return {
    node,
    attach,
    write(text) {
      field.value = text;
      field.dispatchEvent(new Event("input"));
      field.focus();
    },
    focus: () => field.focus({ preventScroll: true }),
    update() {
      examplesButton.hidden = !store.examples.length;
      shortcutsButton.hidden = !shortcuts("global").length;
    },
  };
}
