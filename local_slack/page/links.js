// Links out of untrusted text. Only three schemes are live; everything else stays readable but inert.
import { el } from "./dom.js";

const LIVE_SCHEMES = new Set(["http:", "https:", "mailto:"]);

/** The address when it is safe to open, else null. Relative and malformed addresses are not safe. */
export function safeUrl(address) {
  if (typeof address !== "string") return null;
  try {
    const parsed = new URL(address.trim());
    return LIVE_SCHEMES.has(parsed.protocol) ? parsed.href : null;
  } catch {
    return null;
  }
}

/** A link that opens in a new tab, or the same words without a link when the address is not safe. */
export function link(address, ...words) {
  const href = safeUrl(address);
  const shown = words.length ? words : [address];
  if (!href) return el("span", { class: "inert-link", title: "This link was not made live" }, shown);
  return el("a", { href, target: "_blank", rel: "noopener noreferrer" }, shown);
}
