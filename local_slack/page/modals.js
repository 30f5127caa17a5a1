// Modal views: one dialog that shows the top of the person's stack.
import { explain, post } from "./api.js";
import { renderBlocks } from "./blocks.js";
import { refresh, viewContext } from "./context.js";
import { el } from "./dom.js";
import { collectValues, valueOf } from "./elements.js";
import { icon } from "./icons.js";
import { plainText } from "./mrkdwn.js";
import { forgetForm, openViews, store } from "./store.js";

/** Keeps the dialog in step with the state: call the returned function after every change. */
export function createModals() {
  const title = el("h2", { id: "modal-title" });
  const closeAll = el("button", { class: "icon-button", type: "button", "aria-label": "Close" }, icon("close"));
  const back = el("button", { class: "icon-button", type: "button", "aria-label": "Back" }, icon("back"));
  const blocks = el("div", { class: "blocks" });
  const problem = el("p", { class: "composer-problem", role: "alert" });
  const cancel = el("button", { class: "button", type: "button" });
  const submit = el("button", { class: "button solid primary", type: "submit" });
  const body = el("div", { class: "modal-body" }, blocks);
  const form = el("form", { novalidate: true }, el("header", {}, back, title, closeAll), body, el("footer", {}, problem, cancel, submit));
  const dialog = el("dialog", { class: "modal", "aria-labelledby": "modal-title", "aria-modal": "true" }, form);
  document.body.append(dialog);
  let view = null;
  let context = null;
  let opener = null;

  const showErrors = (errors) => {
    const left = { ...errors };
    for (const slot of blocks.querySelectorAll(".field-error")) {
      const words = left[slot.dataset.errorFor] ?? "";
      delete left[slot.dataset.errorFor];
      slot.textContent = words;
      slot.closest(".block").classList.toggle("has-error", Boolean(words));
      const control = slot.closest(".block").querySelector("input, select, textarea, summary");
      if (words) control?.setAttribute("aria-invalid", "true");
      else control?.removeAttribute("aria-invalid");
    }
    problem.textContent = Object.values(left).join(" ");
    blocks.querySelector(".has-error input, .has-error select, .has-error textarea, .has-error summary")?.focus();
  };

  const closeTop = async () => {
    const closing = view;
    if (!closing) return;
    await post("close", { user: store.user, view_id: closing.id }).catch((error) => (problem.textContent = explain(error)));
    forgetForm(`${store.user}/view/${closing.id}`);
    await refresh();
  };
  const closeWhole = async () => {
    const stack = openViews();
    await post("close", { user: store.user, view_id: stack[0]?.id, all: true }).catch((error) => (problem.textContent = explain(error)));
    for (const open of stack) forgetForm(`${store.user}/view/${open.id}`);
    await refresh();
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.getAttribute("aria-busy") === "true" || !view?.submit) return;
    const errors = missing(view, context.form);
    showErrors(errors);
    if (Object.keys(errors).length) return;
    form.setAttribute("aria-busy", "true");
    submit.setAttribute("aria-busy", "true");
    const sent = view;
    try {
      const answer = await post("submit", { user: store.user, view_id: sent.id, values: collectValues(sent.blocks, context.form) });
      if (answer.response_action === "errors") showErrors(answer.errors ?? {});
      await refresh();
      if (!openViews().some((open) => open.id === sent.id)) forgetForm(`${store.user}/view/${sent.id}`);
    } catch (error) {
      if (error.answer?.errors) showErrors(error.answer.errors);
      else problem.textContent = explain(error);
    } finally {
      form.removeAttribute("aria-busy");
      submit.removeAttribute("aria-busy");
    }
  });
  // Enter in a one-line field submits, as in Slack; a field that sends an action handled Enter itself.
  blocks.addEventListener("keydown", (event) => event.key === "Enter" && event.target.matches("select, summary") && event.stopPropagation());
  blocks.addEventListener("input", (event) => {
    const block = event.target.closest(".block.has-error");
    if (!block) return;
    block.classList.remove("has-error");
    block.querySelector(".field-error").textContent = "";
  });
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    if (event.target === dialog) closeTop();
  });
  cancel.addEventListener("click", closeTop);
  back.addEventListener("click", closeTop);
  closeAll.addEventListener("click", closeWhole);

  return function update() {
    const stack = openViews();
    const top = stack.at(-1) ?? null;
    if (!top) {
      view = null;
      if (!dialog.open) return;
      dialog.close();
      blocks.replaceChildren();
      if (opener?.isConnected) opener.focus();
      return;
    }
    const isOther = view?.id !== top.id;
    if (view?.hash !== top.hash) problem.textContent = "";
    view = top;
    if (isOther) context = viewContext(top.id, collectValues);
    title.textContent = plainText(top.title);
    cancel.textContent = plainText(top.close) || "Close";
    submit.textContent = plainText(top.submit) || "";
    submit.hidden = !top.submit;
    back.hidden = stack.length < 2;
    renderBlocks(blocks, top.blocks, context);
    if (!dialog.open) {
      opener = document.activeElement;
      dialog.showModal();
    }
    if (isOther) {
      body.scrollTop = 0;
      (blocks.querySelector("[autofocus]") ?? blocks.querySelector("input, select, textarea, summary, button, a") ?? (top.submit ? submit : cancel)).focus({ preventScroll: true });
    }
  };
}

/** What Slack itself checks before it asks the app. */
function missing(view, form) {
  const errors = {};
  for (const block of view.blocks ?? []) {
    if (block.type !== "input") continue;
    const value = valueOf(block.element, block, form);
    const isEmpty = value === undefined || value === null || value === "" || (Array.isArray(value) && !value.length);
    const words = isEmpty ? (block.optional ? null : "Please complete this required field.") : fault(block.element, String(value));
    if (words) errors[block.block_id] = words;
  }
  return errors;
}

function fault(spec, value) {
  if (spec.min_length && value.length < spec.min_length) return `Please write at least ${spec.min_length} characters.`;
  if (spec.max_length && value.length > spec.max_length) return `Please write at most ${spec.max_length} characters.`;
  if (spec.type !== "number_input") return null;
  const number = Number(value);
  if (!Number.isFinite(number) || (!spec.is_decimal_allowed && !Number.isInteger(number))) return spec.is_decimal_allowed ? "Please enter a number." : "Please enter a whole number.";
  if (spec.min_value !== undefined && number < Number(spec.min_value)) return `Please enter at least ${spec.min_value}.`;
  if (spec.max_value !== undefined && number > Number(spec.max_value)) return `Please enter at most ${spec.max_value}.`;
  return null;
}
