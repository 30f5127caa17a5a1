// The part of CommonMark (plus tables and strike-through) that Slack's markdown block shows, as DOM nodes.
import { el } from "./dom.js";
import { emoji } from "./emoji.js";
import { link, safeUrl } from "./links.js";

const FENCE = /^\s{0,3}(`{3,}|~{3,})\s*([\w+-]*)/;
const HEADING = /^\s{0,3}(#{1,6})\s+(.*?)\s*#*$/;
const RULE = /^\s{0,3}([-*_])(?:\s*\1){2,}\s*$/;
const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/;
const TABLE_RULE = /^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/;

/** Markdown as a list of nodes. */
export function markdown(source) {
  return blocks(source.replace(/\r\n?/g, "\n").split("\n"));
}

function blocks(rows) {
  const nodes = [];
  for (let at = 0; at < rows.length; ) {
    if (!rows[at].trim()) {
      at += 1;
      continue;
    }
    const [node, next] = fence(rows, at) ?? single(rows, at) ?? quote(rows, at) ?? list(rows, at) ?? table(rows, at) ?? paragraph(rows, at);
    nodes.push(node);
    at = next;
  }
  return nodes;
}

function fence(rows, at) {
  const opening = FENCE.exec(rows[at]);
  if (!opening) return null;
  let end = at + 1;
  while (end < rows.length && !rows[end].trim().startsWith(opening[1])) end += 1;
  return [el("pre", {}, el("code", { text: rows.slice(at + 1, end).join("\n") })), end + 1];
}

function single(rows, at) {
  const heading = HEADING.exec(rows[at]);
  if (heading) return [el(`h${Math.min(heading[1].length + 2, 6)}`, { class: `md-h md-h${heading[1].length}` }, inline(heading[2])), at + 1];
  return RULE.test(rows[at]) ? [el("hr"), at + 1] : null;
}

function quote(rows, at) {
  if (!/^\s{0,3}>/.test(rows[at])) return null;
  let end = at;
  while (end < rows.length && rows[end].trim() && (/^\s{0,3}>/.test(rows[end]) || !startsBlock(rows, end))) end += 1;
  return [el("blockquote", {}, blocks(rows.slice(at, end).map((row) => row.replace(/^\s{0,3}> ?/, "")))), end];
}

function list(rows, at) {
  const first = ITEM.exec(rows[at]);
  if (!first) return null;
  const isOrdered = /\d/.test(first[2]);
  const indent = first[1].length;
  const items = [];
  let end = at;
  while (end < rows.length) {
    const item = ITEM.exec(rows[end]);
    if (!item || item[1].length > indent + 1 || item[1].length < indent || /\d/.test(item[2]) !== isOrdered) break;
    const body = [item[3]];
    const depth = item[1].length + item[2].length + 1;
    end += 1;
    while (end < rows.length) {
      const isBlank = !rows[end].trim();
      const isInside = /^\s*/.exec(rows[end])[0].length >= Math.min(depth, indent + 2);
      if (isBlank ? !isContinued(rows, end, indent + 2) : !isInside && (startsBlock(rows, end) || !rows[end - 1].trim())) break;
      body.push(isInside ? rows[end].slice(Math.min(depth, /^\s*/.exec(rows[end])[0].length)) : rows[end]);
      end += 1;
    }
    items.push(listItem(body));
    while (end + 1 < rows.length && !rows[end].trim() && ITEM.test(rows[end + 1])) end += 1;
  }
  const start = isOrdered ? Number.parseInt(first[2], 10) : undefined;
  return [el(isOrdered ? "ol" : "ul", { start: start === 1 ? undefined : start }, items), end];
}

function isContinued(rows, at, depth) {
  const next = rows.slice(at).find((row) => row.trim());
  return next !== undefined && /^\s*/.exec(next)[0].length >= depth;
}

function listItem(body) {
  const task = /^\[([ xX])\]\s+(.*)$/.exec(body[0]);
  if (task) body[0] = task[2];
  const nodes = blocks(body);
  const box = task && el("input", { type: "checkbox", disabled: true, checked: task[1] !== " ", "aria-label": task[1] === " " ? "open" : "done" });
  const isTight = nodes.length > 0 && nodes[0].tagName === "P";
  return el("li", { class: task ? "task" : undefined }, box, isTight ? [...nodes[0].childNodes] : nodes[0], nodes.slice(1));
}

function table(rows, at) {
  if (!rows[at].includes("|") || !TABLE_RULE.test(rows[at + 1] ?? "") || !rows[at + 1].includes("-")) return null;
  const aligns = cells(rows[at + 1]).map((cell) => (cell.endsWith(":") ? (cell.startsWith(":") ? "center" : "right") : "left"));
  if (cells(rows[at]).length !== aligns.length) return null;
  let end = at + 2;
  while (end < rows.length && rows[end].trim() && rows[end].includes("|")) end += 1;
  const row = (text, tag) =>
    el("tr", {}, aligns.map((align, column) => el(tag, { class: `align-${align}` }, inline(cells(text)[column] ?? ""))));
  const body = rows.slice(at + 2, end).map((text) => row(text, "td"));
  const grid = el("table", {}, el("thead", {}, row(rows[at], "th")), el("tbody", {}, body));
  return [el("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": "Table" }, grid), end];
}

const cells = (row) => row.trim().replace(/^\||(?<!\\)\|$/g, "").split(/(?<!\\)\|/).map((cell) => cell.trim().replace(/\\\|/g, "|"));

function startsBlock(rows, at) {
  const row = rows[at];
  return FENCE.test(row) || HEADING.test(row) || RULE.test(row) || /^\s{0,3}>/.test(row) || ITEM.test(row);
}

function paragraph(rows, at) {
  let end = at + 1;
  while (end < rows.length && rows[end].trim() && !startsBlock(rows, end)) end += 1;
  return [el("p", {}, inline(rows.slice(at, end).map((row) => row.trimStart()).join("\n"))), end];
}

const ENTITIES = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'", nbsp: "\u00a0", "#39": "'" };
const RULES = [
  [/^&(lt|gt|amp|quot|apos|nbsp|#39);/, (m) => ENTITIES[m[1]]],
  [/^\\([!-/:-@[-`{-~])/, (m) => m[1]],
  [/^(`+)([\s\S]*?[^`])\1(?!`)/, (m) => el("code", { text: m[2].replace(/^ (.*) $/s, "$1").replace(/\n/g, " ") })],
  [/^!?\[((?:[^[\]\\]|\\.|\[[^\]]*\])*)\]\(\s*<?([^\s<>()]*(?:\([^\s()]*\)[^\s<>()]*)*)>?(?:\s+"[^"]*")?\s*\)/, (m) => link(m[2], inline(m[1]))],
  [/^<((?:https?:\/\/|mailto:)[^\s<>]+)>/, (m) => link(m[1], m[1].replace(/^mailto:/, ""))],
  [/^(\*\*|__)(?=\S)([\s\S]*?\S)\1(?!\*)/, (m) => el("strong", {}, inline(m[2]))],
  [/^~~(?=\S)([\s\S]*?\S)~~/, (m) => el("s", {}, inline(m[1]))],
  [/^\*(?=[^\s*])([\s\S]*?[^\s*])\*(?!\*)/, (m) => el("em", {}, inline(m[1]))],
  [/^ {2,}\n|^\n/, (m) => (m[0].length > 1 ? el("br") : "\n")],
];
const ITALIC_UNDERSCORE = /^_(?=[^\s_])([\s\S]*?[^\s_])_(?![\p{L}\p{N}_])/u;

function inline(text) {
  const nodes = [];
  let words = "";
  const push = (node) => {
    if (typeof node === "string") words += node;
    else {
      if (words) nodes.push(words);
      words = "";
      nodes.push(node);
    }
  };
  for (let at = 0; at < text.length; ) {
    const [node, length] = tokenAt(text, at) ?? [text[at], 1];
    push(node);
    at += length;
  }
  if (words) nodes.push(words);
  return nodes;
}

function tokenAt(text, at) {
  if (!/[\\`![<*_~ \n:h&]/.test(text[at])) return null;
  const rest = text.slice(at);
  const isAfterWord = /[\p{L}\p{N}]/u.test(text[at - 1] ?? " ");
  if (rest[0] === ":") {
    const name = /^:([a-z0-9_+'-]+):/.exec(rest);
    return name && emoji(name[1]) ? [emoji(name[1]), name[0].length] : null;
  }
  if (rest[0] === "h") {
    const address = isAfterWord ? null : /^https?:\/\/[^\s<>"]+/.exec(rest)?.[0].replace(/[.,;:!?)\]'*_~]+$/, "");
    return address && safeUrl(address) ? [link(address), address.length] : null;
  }
  if (rest[0] === "_" && isAfterWord) return null;
  for (const [pattern, build] of RULES) {
    const match = pattern.exec(rest);
    if (match) return [build(match), match[0].length];
  }
  const italic = ITALIC_UNDERSCORE.exec(rest);
  return italic ? [el("em", {}, inline(italic[1])), italic[0].length] : null;
}
