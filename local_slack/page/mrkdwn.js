// Slack's own markup ("mrkdwn") to DOM nodes.
import { el } from "./dom.js";
import { emoji, withEmoji } from "./emoji.js";
import { link, safeUrl } from "./links.js";
import { formatDateToken } from "./clock.js";

const MARKS = { "*": "strong", _: "em", "~": "s" };
const WORD = /[\p{L}\p{N}]/u;

/** Undo the three escapes Slack uses in text. */
export function unescapeText(text) {
  return text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
}

/** Escape typed text as Slack's own client does before sending it. */
export function escapeText(text) {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

/** A plain_text object's words: emoji and escapes, no marks. */
export function plainText(textObject) {
  const text = typeof textObject === "string" ? textObject : (textObject?.text ?? "");
  const isEmojiOn = typeof textObject === "string" || textObject?.emoji !== false;
  const words = unescapeText(text);
  return isEmojiOn ? withEmoji(words) : words;
}

/** Any text object (mrkdwn or plain_text) as nodes. `names` resolves users and channels. */
export function textNodes(textObject, names) {
  if (!textObject) return [];
  if (textObject.type === "mrkdwn") return mrkdwn(textObject.text ?? "", names);
  return [plainText(textObject)];
}

/** Mrkdwn as a list of nodes: code fences first, then quotes, bullet lists and lines. */
export function mrkdwn(source, names) {
  const nodes = [];
  const parts = source.split("```");
  parts.forEach((part, index) => {
    const isCode = index % 2 === 1 && index < parts.length - 1;
    if (isCode) nodes.push(el("pre", {}, el("code", { text: unescapeText(part.replace(/^\n|\n$/g, "")) })));
    else {
      const text = index % 2 === 1 ? "```" + part : part;
      // The line break next to a fence belongs to the fence.
      const trimmed = text.replace(index > 0 ? /^\n/ : /^(?!)/, "").replace(index < parts.length - 1 ? /\n$/ : /(?!)$/, "");
      if (trimmed) nodes.push(...lines(trimmed, names));
    }
  });
  return nodes;
}

function lines(text, names) {
  const nodes = [];
  const rows = text.split("\n");
  const take = (pattern, from) => {
    let end = from;
    while (end < rows.length && pattern.test(rows[end])) end += 1;
    return end;
  };
  let plain = [];
  const flush = () => {
    if (plain.length) nodes.push(el("span", { class: "lines" }, inline(plain.join("\n"), names)));
    plain = [];
  };
  for (let at = 0; at < rows.length; ) {
    const quoteEnd = take(/^(?:>|&gt;)/, at);
    const listEnd = take(/^\s*[•◦] /, at);
    if (quoteEnd > at) {
      flush();
      const inner = rows.slice(at, quoteEnd).map((row) => row.replace(/^(?:>|&gt;) ?/, ""));
      nodes.push(el("blockquote", {}, lines(inner.join("\n"), names)));
      at = quoteEnd;
    } else if (listEnd > at) {
      flush();
      const items = rows.slice(at, listEnd).map((row) => el("li", {}, inline(row.replace(/^\s*[•◦] /, ""), names)));
      nodes.push(el("ul", {}, items));
      at = listEnd;
    } else {
      plain.push(rows[at]);
      at += 1;
    }
  }
  flush();
  return nodes;
}

function inline(text, names) {
  const nodes = [];
  let words = "";
  const flush = () => {
    if (words) nodes.push(unescapeText(words));
    words = "";
  };
  for (let at = 0; at < text.length; ) {
    const found = tokenAt(text, at, names);
    if (found) {
      flush();
      nodes.push(...found.nodes);
      at = found.end;
    } else {
      words += text[at];
      at += 1;
    }
  }
  flush();
  return nodes;
}

function tokenAt(text, at, names) {
  const char = text[at];
  if (char === "<") {
    const end = text.indexOf(">", at);
    if (end > at + 1 && !text.slice(at, end).includes("\n")) return { nodes: reference(text.slice(at + 1, end), names), end: end + 1 };
  } else if (char === "`") {
    const end = text.indexOf("`", at + 1);
    const code = text.slice(at + 1, end);
    if (end > at + 1 && !code.includes("\n")) return { nodes: [el("code", { text: unescapeText(code) })], end: end + 1 };
  } else if (MARKS[char]) {
    const end = markEnd(text, at);
    if (end > 0) return { nodes: [el(MARKS[char], {}, inline(text.slice(at + 1, end), names))], end: end + 1 };
  } else if (char === ":") {
    const name = /^:([a-z0-9_+'-]+(?:::skin-tone-\d)?):/.exec(text.slice(at, at + 60));
    const glyph = name && emoji(name[1]);
    if (glyph) return { nodes: [glyph], end: at + name[0].length };
  } else if (char === "h" && !WORD.test(text[at - 1] ?? " ")) {
    const address = /^https?:\/\/[^\s<>|"]+/.exec(text.slice(at))?.[0].replace(/[.,;:!?)\]'*_~]+$/, "");
    if (address && safeUrl(address)) return { nodes: [link(unescapeText(address))], end: at + address.length };
  }
  return null;
}

// Marks open after a non-word character and close before one, on the same line, as in Slack: a_b_c stays as it is.
function markEnd(text, at) {
  const char = text[at];
  if (WORD.test(text[at - 1] ?? " ") || /\s/.test(text[at + 1] ?? " ") || text[at + 1] === char) return -1;
  for (let end = at + 1; end < text.length && text[end] !== "\n"; end += 1) {
    if (text[end] === "<") {
      const close = text.indexOf(">", end);
      if (close > 0) end = close;
    } else if (text[end] === "`") {
      const close = text.indexOf("`", end + 1);
      if (close > 0) end = close;
    } else if (text[end] === char && end > at + 1 && !/\s/.test(text[end - 1]) && !WORD.test(text[end + 1] ?? " ")) return end;
  }
  return -1;
}

function reference(inside, names) {
  const [target, ...rest] = inside.split("|");
  const label = rest.length ? unescapeText(rest.join("|")) : null;
  if (target.startsWith("@")) return [el("span", { class: "mention", text: `@${names.user(target.slice(1)) ?? label ?? target.slice(1)}` })];
  if (target.startsWith("#")) return [el("span", { class: "mention", text: `#${names.channel(target.slice(1)) ?? label ?? target.slice(1)}` })];
  if (target.startsWith("!date^")) return [dateReference(target, label)];
  if (target.startsWith("!subteam^")) return [el("span", { class: "mention", text: label ?? "@group" })];
  if (target.startsWith("!")) return [el("span", { class: "mention mention-all", text: `@${label ?? target.slice(1)}` })];
  const shown = label === null ? unescapeText(target).replace(/^mailto:/, "") : withEmoji(label);
  return [link(unescapeText(target), shown)];
}

function dateReference(target, fallback) {
  const [, seconds, format, address] = target.split("^");
  const shown = formatDateToken(Number(seconds), format ?? "") ?? fallback ?? "";
  return address ? link(unescapeText(address), shown) : el("time", { text: shown });
}
