// The line above a conversation: its name, tabs of the app, members.
import { avatar } from "./avatar.js";
import { el } from "./dom.js";
import { icon } from "./icons.js";
import { openMenu } from "./popups.js";
import * as model from "./store.js";

const menuButton = (openDrawer) =>
  el("button", { class: "icon-button drawer-button", type: "button", "aria-label": "Open conversations", on: { click: openDrawer } }, icon("menu"));

/** Header of a channel, with its members and the way to add the app. */
export function channelHeader(room, { openDrawer, actions }) {
  const members = el("button", { class: "chip", type: "button", "aria-haspopup": "menu", "aria-expanded": "false" });
  const update = () => {
    const count = (model.channel(room.id)?.members ?? []).length;
    members.replaceChildren(icon("people"), String(count));
    members.setAttribute("aria-label", `${count} members`);
  };
  members.addEventListener("click", () => {
    const inside = model.channel(room.id).members;
    const items = inside.map((id) => ({ label: model.nameOf(id) ?? id, note: model.person(id)?.is_stranger ? "from another company" : undefined, leading: avatar(id, "small") }));
    const outside = [model.botUserId(), ...model.people().map((user) => user.id)].filter((id) => !inside.includes(id));
    if (outside.length && inside.includes(model.store.user)) items.push(null, ...outside.map((id) => ({ label: `Add ${model.nameOf(id)}`, run: () => actions.invite(room.id, id) })));
    openMenu(members, items, "Members");
  });
  update();
  const name = el("h1", {}, icon(room.is_private ? "lock" : "hash"), room.name);
  return { node: el("header", { class: "pane-header" }, menuButton(openDrawer), name, members), update };
}

/** Header of the app: Home and Messages. */
export function appHeader(current, { openDrawer, openTab }) {
  const tab = (id, words) =>
    el("button", { class: "tab", type: "button", role: "tab", "aria-selected": String(current === id), tabindex: current === id ? "0" : "-1", data: { focusKey: `tab/${id}` }, on: { click: () => openTab(id) } }, words);
  const tabs = el("div", { class: "tabs", role: "tablist", "aria-label": model.botName() }, model.bot().has_home_tab === false ? null : tab("home", "Home"), tab("messages", "Messages"));
  tabs.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") openTab(current === "home" ? "messages" : "home", true);
  });
  const name = el("h1", {}, avatar(model.botUserId(), "small"), model.botName());
  return { node: el("header", { class: "pane-header" }, menuButton(openDrawer), name, tabs), update() {} };
}

/** Header of a thread. */
export function threadHeader(channelId, close) {
  const room = model.channel(channelId);
  const where = room?.is_im ? model.botName() : `#${room?.name ?? ""}`;
  const node = el(
    "header",
    { class: "pane-header" },
    el("button", { class: "icon-button thread-back", type: "button", "aria-label": "Back to the conversation", on: { click: close } }, icon("back")),
    el("h1", {}, "Thread", el("small", { text: where })),
    el("button", { class: "icon-button thread-close", type: "button", "aria-label": "Close thread", on: { click: close } }, icon("close")),
  );
  return { node, update() {} };
}
