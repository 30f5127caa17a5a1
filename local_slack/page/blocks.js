// Block Kit blocks to DOM nodes.
import { el, freshId, keepFocus, reconcile } from "./dom.js";
import { element, forgetGone } from "./elements.js";
import { fileCard, picture } from "./files.js";
import { markdown } from "./markdown.js";
import { plainText, textNodes } from "./mrkdwn.js";
import { richText } from "./richtext.js";

/** Bring the blocks inside `parent` up to date; unchanged ones keep their nodes (and what was typed in them). */
export function renderBlocks(parent, blocks, context) {
  const list = blocks ?? [];
  context.blocks = list;
  forgetGone(context.form, list);
  keepFocus(() =>
    reconcile(parent, list, {
      key: (block, index) => `${block.type}/${block.block_id ?? index}`,
      signature: (block) => `${context.key} ${JSON.stringify(block)} ${filesIn(block, context)}`,
      build: (block) => drawSafely(block, context),
    }),
  );
}

// A picture or file may arrive after the block that shows it; then the block is drawn again.
function filesIn(block, context) {
  const file = block.slack_file ?? block.accessory?.slack_file;
  if (file) return JSON.stringify(context.file(file.id ?? file.url)?.name ?? null);
  return block.type === "file" ? JSON.stringify(context.file(block.external_id ?? block.file_id)?.name ?? null) : "";
}

function drawSafely(block, context) {
  try {
    const draw = DRAW[block.type];
    return draw ? draw(block, context) : unsupported(block.type);
  } catch {
    return unsupported(`${block.type} (could not be drawn)`);
  }
}

const unsupported = (type) => el("div", { class: "block unsupported", role: "note", text: `unsupported block: ${type}` });

function section(block, context) {
  const words = textNodes(block.text, context.names);
  const fields = (block.fields ?? []).map((field) => el("div", { class: "section-field" }, textNodes(field, context.names)));
  const text = el("div", { class: "section-text" }, words.length ? el("div", { class: "lines" }, words) : null, fields.length ? el("div", { class: "section-fields" }, fields) : null);
  const ids = { name: block.text ? plainText(block.text).slice(0, 80) : undefined };
  const side = block.accessory && el("div", { class: `accessory accessory-${block.accessory.type}` }, accessory(block, context, ids));
  return el("div", { class: `block section${side ? " has-accessory" : ""}` }, text, side);
}

const accessory = (block, context, ids) =>
  block.accessory.type === "image" ? picture(block.accessory, context, "accessory-image") : element(block.accessory, block, context, ids);

function contextBlock(block, context) {
  const parts = (block.elements ?? []).map((part) =>
    part.type === "image" ? picture(part, context, "context-image") : el("span", { class: "lines" }, textNodes(part, context.names)),
  );
  return el("div", { class: "block context" }, parts);
}

const actions = (block, context) =>
  el("div", { class: "block actions", role: "group", "aria-label": "Actions" }, (block.elements ?? []).map((spec) => element(spec, block, context)));

function input(block, context) {
  const ids = { label: freshId("label"), control: freshId("control"), description: freshId("description"), isRequired: !block.optional };
  const label = el("label", { id: ids.label, for: ids.control, class: "input-label" }, plainText(block.label));
  if (block.optional) label.append(el("span", { class: "optional", text: " (optional)" }));
  const hint = block.hint && el("p", { class: "hint", text: plainText(block.hint) });
  const error = el("p", { class: "field-error", role: "alert", data: { errorFor: block.block_id ?? "" } });
  const spec = block.element ?? { type: "missing" };
  return el("div", { class: "block input" }, label, element(spec, block, context, ids), el("div", { id: ids.description }, hint, error));
}

function image(block, context) {
  const title = block.title && el("figcaption", {}, plainText(block.title));
  return el("figure", { class: "block image" }, title, picture(block, context, "block-image"));
}

function table(block, context) {
  const columns = block.column_settings ?? [];
  const draw = (row, tag) =>
    el("tr", {}, (row ?? []).map((cell, index) => {
      const settings = columns[index] ?? {};
      const content = cell.type === "rich_text" ? richText(cell, context.names) : String(cell.text ?? cell.value ?? "");
      const wrap = settings.is_wrapped ? " wrapped" : "";
      return el(tag, { class: `align-${settings.align ?? "left"}${wrap}`, scope: tag === "th" ? "col" : undefined }, content);
    }));
  const [head, ...body] = block.rows ?? [];
  const grid = el("table", {}, el("thead", {}, draw(head, "th")), el("tbody", {}, body.map((row) => draw(row, "td"))));
  return el("div", { class: "block table-scroll", tabindex: "0", role: "region", "aria-label": "Table" }, grid);
}

function feedback(block, context) {
  const buttons = (block.elements ?? []).flatMap((part) => {
    if (part.type === "icon_button") return [element({ ...part, type: "button" }, block, context)];
    if (part.type !== "feedback_buttons") return [element(part, block, context)];
    return [part.positive_button, part.negative_button].map((one) => element({ ...one, type: "button", action_id: part.action_id }, block, context));
  });
  return el("div", { class: "block actions", role: "group", "aria-label": "Feedback" }, buttons);
}

const DRAW = {
  header: (block) => el("h3", { class: "block header", text: plainText(block.text) }),
  section,
  divider: () => el("hr", { class: "block divider" }),
  context: contextBlock,
  actions,
  context_actions: feedback,
  input,
  image,
  table,
  markdown: (block) => el("div", { class: "block markdown" }, markdown(block.text ?? "")),
  rich_text: (block, context) => el("div", { class: "block" }, richText(block, context.names)),
  file: (block, context) => el("div", { class: "block" }, fileCard(block.file_id ?? block.external_id, context)),
};
