// A conversation or a thread: header, messages, composer. One object per place; it lives while one stays there.
import { createComposer } from "./composer.js";
import { el } from "./dom.js";
import { icon } from "./icons.js";
import { renderRows, rowsOf, statusLine } from "./messages.js";
import * as model from "./store.js";

const NEAR_BOTTOM = 60;

/** Make the pane's content for one place. `header` is a node the caller keeps up to date. */
export function createConversation({ channelId, threadTs = null, header, openThread, actions }) {
  const place = threadTs ? `${channelId}/${threadTs}` : channelId;
  const list = el("div", { class: "rows" });
  const intro = el("div", { class: "intro" });
  const status = el("div", { class: "status-slot", "aria-live": "polite" });
  const label = threadTs ? "Thread" : "Messages";
  const scroller = el("div", { class: "scroller", role: "log", "aria-live": "polite", "aria-relevant": "additions", "aria-label": label, tabindex: "0" }, intro, list, status);
  const jump = el("button", { class: "jump", type: "button", hidden: true, on: { click: () => toBottom() } }, icon("down"), "Jump to latest");
  const composer = createComposer({ channelId, threadTs, place, onSent: () => toBottom() });
  const foot = el("div", { class: "foot-slot" }, composer.node);
  const prompts = el("div", { class: "prompts", hidden: true });
  const drop = el("div", { class: "drop-note", "aria-hidden": "true", text: "Drop files to attach them" });
  const node = el("div", { class: "conversation" }, header, el("div", { class: "scroll-frame" }, scroller, jump), prompts, foot, drop);
  let isAtBottom = true;
  let wasShown = false;

  const toBottom = () => {
    isAtBottom = true;
    scroller.scrollTop = scroller.scrollHeight;
    jump.hidden = true;
    markRead();
  };
  const remember = () => {
    isAtBottom = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_BOTTOM;
    if (isAtBottom) jump.hidden = true;
    model.setScroll(place, isAtBottom ? null : scroller.scrollTop);
  };
  let pending = 0;
  scroller.addEventListener("scroll", () => {
    if (pending) return;
    pending = requestAnimationFrame(() => {
      pending = 0;
      if (!node.isConnected) return;
      remember();
      if (isAtBottom) markRead();
    });
  });
  // Pictures and players grow after they are drawn; whoever was at the bottom stays there.
  new ResizeObserver(() => isAtBottom && (scroller.scrollTop = scroller.scrollHeight)).observe(list);
  new ResizeObserver(() => isAtBottom && (scroller.scrollTop = scroller.scrollHeight)).observe(scroller);
  acceptDrops(node, composer);
  // Which message one last used, to keep its top in sight when the app turns it into the next card.
  let used = null;
  list.addEventListener("click", (event) => {
    if (event.target.closest("button, a, input, select")) used = event.target.closest(".message")?.dataset.ts ?? used;
  });
  const leads = new Map();
  const leadOf = (message) => JSON.stringify([message.text, (message.blocks ?? []).slice(0, 2)]);
  const rowOf = (ts) => list.querySelector(`[data-ts="${ts}"]`);

  /** Show a message from its top. */
  const toTopOf = (row) => {
    isAtBottom = false;
    scroller.scrollTop += row.getBoundingClientRect().top - scroller.getBoundingClientRect().top - 12;
    remember();
    markRead();
  };
  /** Go to the end, but not past the top of something long that was not read yet. */
  const toUnread = (shown, readBefore) => {
    const unread = shown.find((message) => Number(message.ts) > Number(readBefore) && message.user !== model.store.user);
    const row = unread && rowOf(unread.ts);
    if (row && scroller.getBoundingClientRect().height < list.getBoundingClientRect().bottom - row.getBoundingClientRect().top) toTopOf(row);
    else toBottom();
  };

  const isTurned = (shown) => {
    const message = used && shown.find((one) => one.ts === used);
    return Boolean(message) && leads.has(used) && leads.get(used) !== leadOf(message);
  };

  const messages = () => {
    if (!threadTs) return model.mainMessages(channelId);
    const parent = model.messagesIn(channelId).filter((message) => message.ts === threadTs);
    return [...parent, ...model.repliesTo(channelId, threadTs)];
  };
  const markRead = () => {
    const last = messages().at(-1);
    if (!last || document.hidden || Number(last.ts) <= Number(model.lastRead(place))) return;
    model.setLastRead(place, last.ts);
    actions.seen();
  };

  return {
    place,
    node,
    focus: () => composer.focus(),
    attach: (files) => composer.attach(files),
    update() {
      const room = model.channel(channelId);
      if (!room) return;
      const shown = messages();
      const before = list.lastElementChild?.dataset.ts;
      const readBefore = model.lastRead(place);
      fillIntro(intro, room, threadTs);
      renderRows(list, rowsOf(channelId, shown, { isThread: Boolean(threadTs) }), openThread);
      const own = model.store.state.statuses?.[channelId]?.[threadTs ?? ""];
      if (JSON.stringify(own) !== status.dataset.shown) {
        status.replaceChildren(...(own ? [statusLine(own)] : []));
        status.dataset.shown = JSON.stringify(own);
      }
      fillFoot(foot, composer, room, actions);
      fillPrompts(prompts, model.store.state.prompts?.[channelId], threadTs, composer);
      composer.update();
      if (!wasShown) {
        wasShown = true;
        const top = model.scrollOf(place);
        requestAnimationFrame(() => {
          if (top === null) return toUnread(shown, readBefore);
          isAtBottom = false;
          scroller.scrollTop = top;
          return undefined;
        });
      } else if (isTurned(shown)) {
        const row = rowOf(used);
        isAtBottom = false;
        if (row.getBoundingClientRect().top < scroller.getBoundingClientRect().top) toTopOf(row);
        else remember();
      } else if (isAtBottom) {
        if (shown.at(-1)?.ts === before || shown.at(-1)?.user === model.store.user) scroller.scrollTop = scroller.scrollHeight;
        else toUnread(shown, readBefore);
      } else if (before && shown.at(-1)?.ts !== before) jump.hidden = false;
      leads.clear();
      for (const message of shown) leads.set(message.ts, leadOf(message));
      if (isAtBottom) markRead();
    },
  };
}

function fillIntro(intro, room, threadTs) {
  if (threadTs || intro.childElementCount) return;
  const app = model.botName();
  const title = room.is_im ? app : `#${room.name}`;
  const words = room.is_im
    ? `This is your own conversation with ${app}. Nobody else sees it.`
    : `This is the very beginning of #${room.name}.`;
  intro.append(el("h2", { text: title }), el("p", { text: words }));
}

function fillFoot(foot, composer, room, actions) {
  const isIn = model.isMember(room) || room.user === model.store.user;
  if (isIn === (foot.firstChild === composer.node)) return;
  const join = el("button", { class: "button solid primary", type: "button", text: "Join channel", on: { click: () => actions.join(room.id) } });
  foot.replaceChildren(isIn ? composer.node : el("div", { class: "join" }, el("p", { text: `You are looking at #${room.name}.` }), join));
}

// Prompts that the app suggests: a press writes one into the composer.
function fillPrompts(slot, suggested, threadTs, composer) {
  const isHere = suggested?.prompts?.length > 0 && (suggested.thread_ts ?? null) === threadTs;
  const signature = isHere ? JSON.stringify(suggested) : "";
  if (slot.dataset.shown === signature) return;
  slot.dataset.shown = signature;
  slot.hidden = !isHere;
  const chips = isHere ? suggested.prompts.map((prompt) => el("button", { class: "chip", type: "button", text: prompt.title ?? prompt.message, on: { click: () => composer.write(prompt.message ?? prompt.title) } })) : [];
  slot.replaceChildren(...(isHere && suggested.title ? [el("span", { text: suggested.title })] : []), ...chips);
}

function acceptDrops(node, composer) {
  let depth = 0;
  const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  const show = (change) => {
    depth = Math.max(0, depth + change);
    node.classList.toggle("dropping", depth > 0);
  };
  node.addEventListener("dragenter", (event) => hasFiles(event) && show(1));
  node.addEventListener("dragleave", (event) => hasFiles(event) && show(-1));
  node.addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault());
  node.addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    depth = 0;
    show(0);
    composer.attach([...event.dataTransfer.files]);
  });
}
