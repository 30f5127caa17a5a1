// Block Kit elements: what people press, choose and type.
import { explain } from "./api.js";
import { choiceFields } from "./choices.js";
import { el } from "./dom.js";
import { fileField } from "./filefield.js";
import { leadingTo, safeUrl } from "./links.js";
import { plainText } from "./mrkdwn.js";
import { confirmDialog, openMenu, toast } from "./popups.js";

/** Does changing this element send an action at once? Inside input blocks only when the block asks for it. */
export const dispatches = (block) => block.type !== "input" || block.dispatch_action === true;

/** The value an element starts with, in the form that submit and press use. */
export function initialOf(spec) {
  const value = (option) => option?.value;
  const first =
    spec.initial_value ?? value(spec.initial_option) ?? spec.initial_date ?? spec.initial_time ?? spec.initial_date_time ??
    spec.initial_user ?? spec.initial_channel ?? spec.initial_conversation ?? spec.initial_users ?? spec.initial_channels ??
    spec.initial_conversations ?? spec.initial_options?.map(value);
  return typeof first === "number" ? String(first) : first;
}

/** What a person typed or chose, or what the element started with when they did not, or chose what is offered no more. */
export function valueOf(spec, block, form) {
  const typed = form[block.block_id]?.[spec.action_id];
  if (typed?.type !== spec.type) return initialOf(spec);
  const options = spec.options ?? spec.option_groups?.flatMap((group) => group.options);
  const isOffered = (value) => !value || !options || options.some((option) => option.value === value);
  if (Array.isArray(typed.value)) return typed.value.filter(isOffered);
  return isOffered(typed.value) ? typed.value : initialOf(spec);
}

export function setValue(spec, block, form, value) {
  form[block.block_id] = { ...form[block.block_id], [spec.action_id]: { type: spec.type, value } };
}

/** Forget what was typed in elements that are no longer there, as Slack does. */
export function forgetGone(form, blocks) {
  for (const [blockId, typed] of Object.entries(form)) {
    const ids = blocks.filter((block) => block.block_id === blockId).flatMap(valueElements).map((spec) => spec.action_id);
    form[blockId] = Object.fromEntries(Object.entries(typed).filter(([actionId]) => ids.includes(actionId)));
  }
}

const STATELESS = new Set(["button", "overflow", "image", "icon_button", "feedback_buttons", "workflow_button"]);

/** Every element of a block that has a value. */
export function valueElements(block) {
  const all = [block.element, block.accessory, ...(block.type === "actions" ? (block.elements ?? []) : [])];
  return all.filter((spec) => spec?.action_id && !STATELESS.has(spec.type));
}

/** All values of a surface, as `submit` wants them: block id -> action id -> value, list, or null for what stands empty. */
export function collectValues(blocks, form) {
  const values = {};
  for (const block of blocks ?? []) {
    for (const spec of valueElements(block)) {
      values[block.block_id] = { ...values[block.block_id], [spec.action_id]: valueOf(spec, block, form) ?? null };
    }
  }
  return values;
}

/** Send an action and show that it is under way, and what went wrong if it does. Returns whether it went through. */
export async function press(node, spec, block, context, extra = {}) {
  if (node.getAttribute("aria-busy") === "true") return false;
  if (spec.confirm && !(await confirmDialog(spec.confirm, context.names))) return false;
  const home = node.closest(".block");
  home?.querySelectorAll(".press-error").forEach((old) => old.remove());
  node.setAttribute("aria-busy", "true");
  try {
    await context.press({ action_id: spec.action_id, block_id: block.block_id, ...extra });
    return true;
  } catch (error) {
    if (home?.isConnected) home.append(el("p", { class: "press-error", role: "alert", text: explain(error) }));
    else toast(explain(error));
    return false;
  } finally {
    node.removeAttribute("aria-busy");
  }
}

/** One element as a node. `ids` has label, control and description ids from the block around it. */
export function element(spec, block, context, ids = {}) {
  const draw = FIELDS[spec.type] ?? choiceFields[spec.type];
  if (!draw) return el("span", { class: "unsupported", text: `unsupported element: ${spec.type}` });
  return draw(spec, block, context, ids);
}

/** Properties that every control shares: its id, its name for screen readers, and a key to find it again. */
export function controlProps(spec, block, context, ids) {
  const spoken = ids.label ? {} : { "aria-label": plainText(spec.placeholder) || ids.name || spec.action_id };
  return {
    id: ids.control,
    "aria-labelledby": ids.label,
    "aria-describedby": ids.description,
    "aria-required": ids.isRequired ? "true" : undefined,
    autofocus: spec.focus_on_load,
    data: { focusKey: `${context.key}/${block.block_id}/${spec.action_id}` },
    ...spoken,
  };
}

function button(spec, block, context) {
  const style = spec.style ? ` ${spec.style}` : "";
  const href = spec.url && safeUrl(spec.url);
  const props = {
    class: `button${style}`,
    "aria-label": spec.accessibility_label,
    data: { focusKey: `${context.key}/${block.block_id}/${spec.action_id}` },
    on: { click: (event) => press(event.currentTarget, spec, block, context, { value: spec.value }) },
  };
  if (href) return el("a", { ...props, ...leadingTo(href) }, plainText(spec.text));
  return el("button", { ...props, type: "button" }, plainText(spec.text));
}

function overflow(spec, block, context) {
  const anchor = el("button", { class: "button overflow", type: "button", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": spec.accessibility_label ?? "More choices", text: "⋯" });
  anchor.addEventListener("click", () => {
    const items = (spec.options ?? []).map((option) => ({
      label: plainText(option.text),
      note: option.description && plainText(option.description),
      href: option.url && safeUrl(option.url),
      run: () => press(anchor, spec, block, context, { selected: option.value }),
    }));
    openMenu(anchor, items, "More choices");
  });
  return anchor;
}

function typedField(tag, props, pressOn) {
  return (spec, block, context, ids) => {
    const extra = typeof props === "function" ? props(spec) : props;
    const field = el(tag, {
      ...controlProps(spec, block, context, ids),
      class: "field",
      placeholder: plainText(spec.placeholder) || undefined,
      ...extra,
    });
    field.value = valueOf(spec, block, context.form) ?? "";
    field.addEventListener("input", () => setValue(spec, block, context.form, fromField(spec, field.value)));
    if (!dispatches(block)) return field;
    const send = () => press(field, spec, block, context, { selected: fromField(spec, field.value), value: fromField(spec, field.value) });
    if (pressOn === "change") field.addEventListener("change", send);
    else field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      send();
    });
    return field;
  };
}

const fromField = (spec, text) => (spec.type === "datetimepicker" && text ? String(Math.floor(new Date(text).getTime() / 1000)) : text);

const localMoment = (seconds) => {
  const moment = new Date(seconds * 1000);
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
};

function textField(spec, block, context, ids) {
  const limits = { minlength: spec.min_length, maxlength: spec.max_length };
  if (!spec.multiline) return typedField("input", { type: "text", autocomplete: "off", ...limits }, "enter")(spec, block, context, ids);
  return typedField("textarea", { rows: "4", ...limits }, "enter")(spec, block, context, ids);
}

function momentField(spec, block, context, ids) {
  const field = typedField("input", { type: "datetime-local" }, "change")(spec, block, context, ids);
  const seconds = Number(valueOf(spec, block, context.form));
  if (seconds) field.value = localMoment(seconds);
  return field;
}

const FIELDS = {
  button,
  overflow,
  plain_text_input: textField,
  email_text_input: typedField("input", { type: "email" }, "enter"),
  url_text_input: typedField("input", { type: "url" }, "enter"),
  number_input: typedField(
    "input",
    (spec) => ({ type: "number", step: spec.is_decimal_allowed ? "any" : "1", min: spec.min_value, max: spec.max_value, inputmode: spec.is_decimal_allowed ? "decimal" : "numeric" }),
    "enter",
  ),
  datepicker: typedField("input", { type: "date" }, "change"),
  timepicker: typedField("input", { type: "time" }, "change"),
  datetimepicker: momentField,
  file_input: fileField,
};
