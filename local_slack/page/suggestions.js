// The list above the composer while one types a slash command or a mention.
import { mentionable } from "./context.js";
import { el } from "./dom.js";
import { botName, commands } from "./store.js";

/** Suggestions for `field`; `key` returns true when it used the key. */
export function createSuggestions({ field, listId, channelId }) {
  const node = el("div", { class: "suggestions", id: listId, role: "listbox", "aria-label": "Suggestions", hidden: true });
  let rows = [];
  let at = 0;

  const close = () => {
    node.hidden = true;
    rows = [];
    field.removeAttribute("aria-activedescendant");
  };
  const mark = () => {
    [...node.children].forEach((child, index) => child.setAttribute("aria-selected", String(index === at)));
    field.setAttribute("aria-activedescendant", node.children[at]?.id ?? "");
    node.children[at]?.scrollIntoView({ block: "nearest" });
  };
  const take = (row) => {
    const before = field.value.slice(0, field.selectionStart).replace(row.replaces, "");
    const after = field.value.slice(field.selectionStart);
    field.value = `${before}${row.inserts}${after}`;
    field.setSelectionRange(before.length + row.inserts.length, before.length + row.inserts.length);
    close();
    field.dispatchEvent(new Event("input"));
    field.focus();
  };

  function wanted() {
    const typed = field.value.slice(0, field.selectionStart);
    if (/^\/\S*$/.test(typed)) {
      return commands()
        .filter((one) => one.command.startsWith(typed))
        .map((one) => ({ title: `${one.command} ${one.usage_hint ?? ""}`.trim(), note: [one.description, botName()].filter(Boolean).join(" · "), replaces: /^\/\S*$/, inserts: `${one.command} ` }));
    }
    const subcommand = /^(\/\S+) (\S*)$/.exec(typed);
    if (subcommand) {
      const command = commands().find((one) => one.command === subcommand[1]);
      const words = (command?.usage_hint ?? "").match(/[a-z][a-z-]*/g) ?? [];
      return words.filter((word) => word.startsWith(subcommand[2]) && word !== subcommand[2]).map((word) => ({ title: `${subcommand[1]} ${word}`, replaces: /\S*$/, inserts: word }));
    }
    const mention = /(?:^|\s)@([\p{L}\p{N} ]{0,20})$/u.exec(typed);
    if (!mention) return [];
    return mentionable(channelId)
      .filter((one) => one.label.toLowerCase().startsWith(mention[1].toLowerCase()) && one.label !== mention[1].trim())
      .map((one) => ({ title: `@${one.label}`, replaces: /@[\p{L}\p{N} ]{0,20}$/u, inserts: `@${one.label} ` }));
  }

  return {
    node,
    update() {
      rows = wanted().slice(0, 8);
      if (!rows.length) return close();
      at = 0;
      node.replaceChildren(...rows.map((row, index) => {
        const option = el("div", { class: "suggestion", role: "option", id: `${listId}-${index}` }, el("strong", { text: row.title }), row.note && el("small", { text: row.note }));
        option.addEventListener("pointerdown", (event) => {
          event.preventDefault();
          take(row);
        });
        return option;
      }));
      node.hidden = false;
      mark();
      return undefined;
    },
    key(event) {
      if (node.hidden || event.isComposing) return false;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        at = (at + (event.key === "ArrowDown" ? 1 : rows.length - 1)) % rows.length;
        mark();
      } else if (event.key === "Escape") close();
      else if (event.key === "Tab" && !event.shiftKey) take(rows[at]);
      else if (event.key === "Enter" && !event.shiftKey && !field.value.includes(" ") && rows[at].inserts.trim() !== field.value) take(rows[at]);
      else if (event.key === "Enter" && rows[at].inserts.startsWith("@")) take(rows[at]);
      else return false;
      event.preventDefault();
      event.stopPropagation();
      return true;
    },
  };
}
