// Small things that open over the page: menus, questions to confirm, short notices.
import { el } from "./dom.js";
import { plainText, textNodes } from "./mrkdwn.js";

let closeCurrent = () => {};

/** Close the menu that is open; true when there was one. */
export function closeMenu() {
  const wasOpen = document.querySelector(".menu") !== null;
  closeCurrent();
  return wasOpen;
}

/**
 * Open a menu beside `anchor`. Items: {label, run, note?, isDanger?, isChosen?, href?, leading?} or null for a line.
 * Arrow keys move, Escape closes and gives the focus back.
 */
export function openMenu(anchor, items, label) {
  const isReopened = anchor.getAttribute("aria-expanded") === "true";
  closeCurrent();
  if (isReopened) return;
  const hasChoice = items.some((item) => item?.isChosen !== undefined);
  const rows = items.map((item) => {
    if (!item) return el("div", { class: "menu-line", role: "separator" });
    const words = el("span", { class: "menu-words" }, el("span", { text: item.label }), item.note && el("small", { text: item.note }));
    const props = { class: `menu-item${item.isDanger ? " danger" : ""}`, role: hasChoice ? "menuitemradio" : "menuitem", tabindex: "-1" };
    if (hasChoice) props["aria-checked"] = String(Boolean(item.isChosen));
    if (item.href) Object.assign(props, { href: item.href, target: "_blank", rel: "noopener noreferrer", download: item.download });
    const run = () => {
      closeCurrent();
      item.run?.();
    };
    return el(item.href ? "a" : "button", { ...props, type: item.href ? undefined : "button", on: { click: run } }, item.leading, words);
  });
  const menu = el("div", { class: "menu", role: "menu", "aria-label": label }, rows);
  (anchor.closest("dialog") ?? document.body).append(menu);
  place(menu, anchor);
  anchor.setAttribute("aria-expanded", "true");
  const focusable = [...menu.querySelectorAll(".menu-item")];
  const outside = (event) => !menu.contains(event.target) && !anchor.contains(event.target) && closeCurrent();
  closeCurrent = () => {
    const hadFocus = menu.contains(document.activeElement);
    menu.remove();
    anchor.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", outside, true);
    window.removeEventListener("resize", closeCurrent);
    closeCurrent = () => {};
    if (hadFocus) anchor.focus();
  };
  menu.addEventListener("keydown", (event) => menuKey(event, focusable));
  document.addEventListener("pointerdown", outside, true);
  window.addEventListener("resize", closeCurrent);
  (focusable.find((row) => row.getAttribute("aria-checked") === "true") ?? focusable[0])?.focus();
}

function menuKey(event, rows) {
  const at = rows.indexOf(document.activeElement);
  const goal = { ArrowDown: at + 1, ArrowUp: at - 1 + rows.length, Home: 0, End: rows.length - 1 }[event.key];
  if (goal !== undefined) rows[goal % rows.length].focus();
  else if (event.key === "Escape" || event.key === "Tab") closeCurrent();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function place(menu, anchor) {
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const isAbove = at.bottom + height + 8 > window.innerHeight && at.top > height;
  const left = at.left + width + 8 > window.innerWidth ? at.right - width : at.left;
  menu.style.left = `${Math.max(8, Math.min(left, window.innerWidth - width - 8))}px`;
  menu.style.top = `${Math.max(8, isAbove ? at.top - height - 4 : Math.min(at.bottom + 4, window.innerHeight - height - 8))}px`;
}

/** Ask before doing something. `question` is Slack's confirm object; resolves to true or false. */
export function confirmDialog(question, names) {
  return new Promise((resolve) => {
    const finish = (answer) => {
      dialog.close();
      dialog.remove();
      resolve(answer);
    };
    const danger = question.style === "danger" ? " danger" : " primary";
    const buttons = el(
      "footer",
      {},
      el("button", { class: "button", type: "button", text: plainText(question.deny) || "Cancel", on: { click: () => finish(false) } }),
      el("button", { class: `button solid${danger}`, type: "button", text: plainText(question.confirm) || "Yes", on: { click: () => finish(true) } }),
    );
    const heading = el("h2", { id: "confirm-title", text: plainText(question.title) || "Are you sure?" });
    const body = el("div", { class: "confirm-text" }, textNodes(question.text, names));
    const dialog = el("dialog", { class: "confirm", "aria-labelledby": "confirm-title", "aria-modal": "true" }, heading, body, buttons);
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      finish(false);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** Say something for a few seconds. */
export function toast(words) {
  const note = el("div", { class: "toast", role: "alert", text: words });
  const shelf = document.querySelector("dialog[open]") ?? document.body;
  shelf.querySelectorAll(":scope > .toast").forEach((old) => old.remove());
  shelf.append(note);
  setTimeout(() => note.remove(), 8000);
}
