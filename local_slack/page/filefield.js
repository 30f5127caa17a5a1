// The file_input element: files are uploaded when chosen, and their ids are the field's value.
import { explain } from "./api.js";
import { el } from "./dom.js";
import { controlProps, setValue, valueOf } from "./elements.js";

/** A file field with the names of what is chosen. */
export function fileField(spec, block, context, ids) {
  const accept = (spec.filetypes ?? []).map((type) => `.${type}`).join(",");
  const most = spec.max_files ?? 10;
  const input = el("input", { ...controlProps(spec, block, context, ids), type: "file", class: "field", multiple: most > 1, accept: accept || undefined });
  const note = el("p", { class: "hint", role: "status" });
  const describe = () => {
    const chosen = valueOf(spec, block, context.form) ?? [];
    note.textContent = chosen.map((id) => context.file(id)?.name ?? id).join(", ");
  };
  input.addEventListener("change", async () => {
    const files = [...input.files];
    if (files.length > most) {
      note.textContent = `Choose at most ${most} file${most === 1 ? "" : "s"}.`;
      input.value = "";
      return;
    }
    note.textContent = "Uploading…";
    input.setAttribute("aria-busy", "true");
    try {
      const uploaded = await context.uploadFiles(files, (share) => (note.textContent = `Uploading… ${Math.round(share * 100)} %`));
      setValue(spec, block, context.form, uploaded);
      describe();
    } catch (error) {
      note.textContent = explain(error);
    } finally {
      input.removeAttribute("aria-busy");
    }
  });
  describe();
  return el("div", { class: "file-field" }, input, note);
}
