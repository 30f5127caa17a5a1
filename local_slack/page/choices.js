// Elements that choose from a list: selects, radio buttons, checkboxes.
import { el, freshId } from "./dom.js";
import { controlProps, dispatches, press, setValue, valueOf } from "./elements.js";
import { plainText, textNodes } from "./mrkdwn.js";

/** Tell the app about a new choice, where the block wants that. A question answered with no brings the old one back. */
async function choose(node, spec, block, context, value, undo) {
  const before = valueOf(spec, block, context.form);
  setValue(spec, block, context.form, value);
  if (!dispatches(block)) return;
  const wasSent = await press(node, spec, block, context, { selected: value });
  if (wasSent || !spec.confirm) return;
  setValue(spec, block, context.form, before);
  undo?.();
}

function optionsOf(spec, context) {
  if (spec.options) return [{ options: spec.options }];
  if (spec.option_groups) return spec.option_groups;
  const named = (items) => [{ options: items.map((item) => ({ value: item.id, text: { type: "plain_text", text: item.label, emoji: false } })) }];
  if (spec.type.includes("users")) return named(context.people());
  if (spec.type.includes("channels")) return named(context.channels());
  return named([...context.channels(), ...context.people()]);
}

function singleSelect(spec, block, context, ids) {
  const current = () => valueOf(spec, block, context.form) ?? "";
  const option = (item) => {
    const note = item.description ? ` (${plainText(item.description)})` : "";
    return el("option", { value: item.value, selected: item.value === current() }, plainText(item.text) + note);
  };
  const placeholder = el("option", { value: "", selected: !current(), text: plainText(spec.placeholder) || "Choose one" });
  const groups = optionsOf(spec, context).map((group) =>
    group.label ? el("optgroup", { label: plainText(group.label) }, (group.options ?? []).map(option)) : (group.options ?? []).map(option),
  );
  const field = el("select", { ...controlProps(spec, block, context, ids), class: "field select" }, placeholder, groups);
  field.addEventListener("change", () => {
    if (dispatches(block) && !field.value) return;
    choose(field, spec, block, context, field.value, () => (field.value = current()));
  });
  return field;
}

function multiSelect(spec, block, context, ids) {
  const chosen = () => valueOf(spec, block, context.form) ?? [];
  const flat = optionsOf(spec, context).flatMap((group) => group.options ?? []);
  const summary = el("summary", { ...controlProps(spec, block, context, ids), class: "field select" });
  const describe = () => {
    const words = flat.filter((item) => chosen().includes(item.value)).map((item) => plainText(item.text));
    summary.textContent = words.join(", ") || plainText(spec.placeholder) || "Choose any";
  };
  const boxes = flat.map((item) => {
    const box = el("input", { type: "checkbox", value: item.value, checked: chosen().includes(item.value) });
    box.addEventListener("change", () => {
      const picked = flat.map((other) => other.value).filter((value) => (value === item.value ? box.checked : chosen().includes(value)));
      if (spec.max_selected_items && picked.length > spec.max_selected_items) box.checked = false;
      else setValue(spec, block, context.form, picked);
      describe();
    });
    return el("label", { class: "choice" }, box, el("span", {}, el("span", {}, plainText(item.text)), item.description && el("small", { text: plainText(item.description) })));
  });
  describe();
  const panel = el("details", { class: "multi" }, summary, el("div", { class: "choices", role: "group", "aria-labelledby": ids.label }, boxes));
  // As in Slack, the app hears of a multiple choice when the list closes.
  let told = JSON.stringify(chosen());
  panel.addEventListener("toggle", () => {
    if (panel.open || JSON.stringify(chosen()) === told) return;
    told = JSON.stringify(chosen());
    choose(summary, spec, block, context, chosen());
  });
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !panel.open) return;
    event.preventDefault();
    event.stopPropagation();
    panel.open = false;
    summary.focus();
  });
  return panel;
}

function optionList(type) {
  return (spec, block, context, ids) => {
    const group = freshId("choice");
    const isMany = type === "checkbox";
    const current = () => {
      const value = valueOf(spec, block, context.form);
      return isMany ? (value ?? []) : value;
    };
    const isOn = (item) => (isMany ? current().includes(item.value) : current() === item.value);
    const inputs = [];
    const sync = () => inputs.forEach((input, index) => (input.checked = isOn(spec.options[index])));
    const rows = (spec.options ?? []).map((item, index) => {
      const input = el("input", {
        type,
        name: group,
        value: item.value,
        checked: isOn(item),
        data: { focusKey: `${context.key}/${block.block_id}/${spec.action_id}/${index}` },
      });
      input.addEventListener("change", () => {
        const picked = spec.options.map((other) => other.value).filter((value) => (value === item.value ? input.checked : current().includes(value)));
        choose(list, spec, block, context, isMany ? picked : item.value, sync);
      });
      inputs.push(input);
      const words = el("span", {}, el("span", { class: "lines" }, textNodes(item.text, context.names)), item.description && el("small", {}, textNodes(item.description, context.names)));
      return el("label", { class: "choice" }, input, words);
    });
    const role = isMany ? "group" : "radiogroup";
    const name = ids.label ? undefined : (ids.name ?? spec.action_id);
    const list = el("div", { class: "choices", role, "aria-labelledby": ids.label, "aria-label": name, "aria-describedby": ids.description }, rows);
    return list;
  };
}

/** Element type -> how to draw it. */
export const choiceFields = {
  static_select: singleSelect,
  users_select: singleSelect,
  channels_select: singleSelect,
  conversations_select: singleSelect,
  multi_static_select: multiSelect,
  multi_users_select: multiSelect,
  multi_channels_select: multiSelect,
  multi_conversations_select: multiSelect,
  radio_buttons: optionList("radio"),
  checkboxes: optionList("checkbox"),
};
