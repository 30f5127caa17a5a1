// Left: the workspace, who one is, where one can go.
import { avatar } from "./avatar.js";
import { el, reconcile } from "./dom.js";
import { icon } from "./icons.js";
import { openMenu } from "./popups.js";
import * as model from "./store.js";

/** The sidebar. `go(hash)` moves, `become(userId)` changes the person. */
export function createSidebar({ go, become }) {
  const teamName = el("strong", { class: "team-name" });
  const switcher = el("button", { class: "switcher", type: "button", "aria-haspopup": "menu", "aria-expanded": "false" });
  const rooms = el("div", { class: "side-list" });
  const apps = el("div", { class: "side-list" });
  const nav = el(
    "nav",
    { "aria-label": "Conversations" },
    el("h2", { text: "Channels" }),
    rooms,
    el("h2", { text: "Apps" }),
    apps,
  );
  const note = el("p", { class: "side-note", text: "A practice workspace on this computer. Nothing here reaches Slack." });
  const node = el("div", { class: "sidebar-inner" }, el("div", { class: "team" }, teamName, switcher), nav, note);

  switcher.addEventListener("click", () => {
    const items = model.people().map((user) => ({
      label: model.nameOf(user.id),
      note: user.is_stranger ? "from another company" : user.tz,
      leading: avatar(user.id, "small"),
      isChosen: user.id === model.store.user,
      run: () => become(user.id),
    }));
    openMenu(switcher, items, "Who do you want to be?");
  });
  nav.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const items = [...nav.querySelectorAll("a")];
    const at = items.indexOf(document.activeElement);
    items[(at + step + items.length) % items.length]?.focus();
    event.preventDefault();
  });

  const drawItem = (item) => {
    const words = el("span", { class: "side-words", text: item.name });
    const dot = item.isUnread && el("span", { class: "unread-dot", role: "img", "aria-label": "unread" });
    return el(
      "a",
      {
        class: `side-item${item.isHere ? " here" : ""}${item.isUnread ? " unread" : ""}${item.isIn ? "" : " not-in"}`,
        href: item.hash,
        "aria-current": item.isHere ? "page" : undefined,
        on: {
          click: (event) => {
            event.preventDefault();
            go(item.hash);
          },
        },
      },
      item.icon === "app" ? avatar(model.botUserId(), "small") : icon(item.icon),
      words,
      dot,
    );
  };
  const draw = (list, items) =>
    reconcile(list, items, {
      key: (item) => item.key,
      signature: (item) => JSON.stringify(item),
      build: drawItem,
      update: (old, item) => {
        const fresh = drawItem(item);
        old.className = fresh.className;
        if (item.isHere) old.setAttribute("aria-current", "page");
        else old.removeAttribute("aria-current");
        old.replaceChildren(...fresh.childNodes);
        return old.getAttribute("href") === item.hash;
      },
    });

  return {
    node,
    switcher,
    update() {
      const { state, user, place } = model.store;
      teamName.textContent = state.team?.name ?? state.team ?? "Workspace";
      const signature = `${user} ${model.nameOf(user)}`;
      if (switcher.dataset.shown !== signature) {
        switcher.replaceChildren(avatar(user, "small"), el("span", { class: "switcher-words" }, el("small", { text: "You are " }), el("span", { text: model.nameOf(user) })), icon("down"));
        switcher.dataset.shown = signature;
      }
      draw(rooms, model.visibleChannels().map((room) => ({
        key: room.id,
        hash: `#${room.id}`,
        name: room.name,
        icon: room.is_private ? "lock" : "hash",
        isIn: model.isMember(room),
        isHere: place.view === "channel" && place.channel === room.id,
        isUnread: model.isMember(room) && model.isUnread(room.id),
      })));
      const dm = model.ownDm();
      const isHere = place.view === "home" || (place.view === "channel" && place.channel === dm?.id);
      draw(apps, [{ key: "app", hash: dm ? `#${dm.id}` : "#app", name: model.botName(), icon: "app", isIn: true, isHere, isUnread: Boolean(dm) && model.isUnread(dm.id) }]);
    },
  };
}
