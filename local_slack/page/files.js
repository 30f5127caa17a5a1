// Files in messages and pictures in blocks.
import { el } from "./dom.js";
import { icon } from "./icons.js";
import { safeUrl } from "./links.js";
import { plainText } from "./mrkdwn.js";

/** 1.4 MB */
export function sizeWords(bytes) {
  if (!Number.isFinite(bytes)) return "";
  if (bytes < 1000) return `${bytes} B`;
  const [unit, scale] = bytes < 1e6 ? ["kB", 1e3] : bytes < 1e9 ? ["MB", 1e6] : ["GB", 1e9];
  const size = bytes / scale;
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} ${unit}`;
}

/** An image element or block: a web address, or a Slack file by id or by its private address. */
export function picture(spec, context, className) {
  const file = spec.slack_file;
  const known = file && context.file(file.id ?? file.url);
  const source = file ? known && context.fileUrl(known.id) : safeUrl(spec.image_url);
  const alt = plainText(spec.alt_text ?? "");
  if (!source) return el("span", { class: `${className} picture-missing`, role: "img", "aria-label": alt, text: alt || "Picture not available" });
  const image = el("img", { class: className, src: source, alt, loading: "lazy" });
  image.addEventListener("error", () => image.replaceWith(el("span", { class: "picture-missing", role: "img", "aria-label": alt, text: `Picture: ${alt}` })));
  if (className !== "block-image") return image;
  return el("a", { class: "picture-link", href: source, target: "_blank", rel: "noopener noreferrer" }, image);
}

/** A file shared in a message: played or shown in place where the browser can. */
export function fileCard(fileId, context) {
  const file = context.file(fileId);
  if (!file || file.state === "deleted") return el("div", { class: "file-card deleted" }, icon("file"), "This file was deleted.");
  if (file.state && file.state !== "ready") return el("div", { class: "file-card deleted" }, icon("file"), `${file.name} is being processed…`);
  const name = file.title || file.name || file.id;
  const source = context.fileUrl(file.id);
  const kind = (file.mimetype ?? "").split("/")[0];
  const about = el("span", { class: "file-about" }, el("span", { class: "file-name", text: name }), el("small", { text: [file.filetype?.toUpperCase() ?? file.mimetype, sizeWords(file.size)].filter(Boolean).join(" · ") }));
  const download = el("a", { class: "icon-button", href: source, download: file.name ?? name, "aria-label": `Download ${name}`, title: "Download" }, icon("download"));
  const remove = context.deleteFile && (file.user ?? file.user_id) === context.me
    ? el("button", { class: "icon-button", type: "button", "aria-label": `Delete ${name}`, title: "Delete file", on: { click: () => context.deleteFile(file) } }, icon("close"))
    : null;
  const top = el("div", { class: "file-top" }, icon(kind === "audio" ? "mic" : "file"), about, download, remove);
  return el("div", { class: `file-card file-${kind}` }, top, player(kind, source, name, file));
}

function player(kind, source, name, file) {
  if (kind === "audio") return el("audio", { controls: true, preload: "metadata", src: source, "aria-label": name });
  if (kind === "video") return el("video", { controls: true, preload: "metadata", src: source, "aria-label": name });
  if (kind !== "image") return null;
  const image = el("img", { src: source, alt: file.alt_txt || file.alt_text || name, loading: "lazy" });
  return el("a", { class: "picture-link", href: source, target: "_blank", rel: "noopener noreferrer" }, image);
}
