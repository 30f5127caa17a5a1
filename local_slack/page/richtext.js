// rich_text blocks: what Slack's own composer makes.
import { el } from "./dom.js";
import { emoji } from "./emoji.js";
import { link } from "./links.js";
import { formatDateToken } from "./clock.js";

/** A rich_text block as one node. */
export function richText(block, names) {
  return el("div", { class: "rich-text" }, (block.elements ?? []).map((part) => container(part, names)));
}

function container(part, names) {
  const inner = () => (part.elements ?? []).map((leaf) => inline(leaf, names));
  if (part.type === "rich_text_section") return el("div", { class: "lines" }, inner());
  if (part.type === "rich_text_quote") return el("blockquote", {}, el("span", { class: "lines" }, inner()));
  if (part.type === "rich_text_preformatted") return el("pre", {}, el("code", {}, inner()));
  if (part.type === "rich_text_list") {
    const items = (part.elements ?? []).map((item) => el("li", {}, (item.elements ?? []).map((leaf) => inline(leaf, names))));
    const list = el(part.style === "ordered" ? "ol" : "ul", { start: part.offset ? part.offset + 1 : undefined }, items);
    list.classList.add(`indent-${Math.min(part.indent ?? 0, 8)}`);
    return list;
  }
  return el("div", { class: "unsupported", text: `unsupported rich text: ${part.type}` });
}

function inline(leaf, names) {
  const node = plain(leaf, names);
  const style = leaf.style ?? {};
  let styled = node;
  if (style.code) styled = el("code", {}, styled);
  if (style.bold) styled = el("strong", {}, styled);
  if (style.italic) styled = el("em", {}, styled);
  if (style.strike) styled = el("s", {}, styled);
  if (style.underline) styled = el("u", {}, styled);
  return styled;
}

function plain(leaf, names) {
  switch (leaf.type) {
    case "text":
      return leaf.text ?? "";
    case "link":
      return link(leaf.url, leaf.text || leaf.url);
    case "emoji":
      return emoji(leaf.name ?? "") ?? `:${leaf.name}:`;
    case "user":
      return el("span", { class: "mention", text: `@${names.user(leaf.user_id) ?? leaf.user_id}` });
    case "channel":
      return el("span", { class: "mention", text: `#${names.channel(leaf.channel_id) ?? leaf.channel_id}` });
    case "usergroup":
      return el("span", { class: "mention", text: "@group" });
    case "broadcast":
      return el("span", { class: "mention mention-all", text: `@${leaf.range}` });
    case "date":
      return el("time", { text: formatDateToken(leaf.timestamp, leaf.format ?? "{date_short}") ?? leaf.fallback ?? "" });
    case "color":
      return el("code", { text: leaf.value ?? "" });
    default:
      return el("span", { class: "unsupported", text: `unsupported: ${leaf.type}` });
  }
}
