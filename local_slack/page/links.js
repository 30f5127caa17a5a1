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

/** Where a permalink of this workspace leads, as the page's own address; null for every other address. */
export function placeOf(href) {
  const { hostname, port, pathname, searchParams } = new URL(href);
  const parts = /^\/archives\/([A-Z0-9]+)\/p(\d+)(\d{6})$/.exec(pathname);
  if (!parts || port !== location.port || !["127.0.0.1", "localhost"].includes(hostname)) return null;
  return `#${parts[1]}/${searchParams.get("thread_ts") ?? `${parts[2]}.${parts[3]}`}`;
}

/** What makes an `a` lead there: in this tab to a message of this workspace, in a new tab to anything else. */
export function leadingTo(href) {
  const place = placeOf(href);
  return place ? { href: place } : { href, target: "_blank", rel: "noopener noreferrer" };
}

/** A link that leads there, or the same words without a link when the address is not safe. */
export function link(address, ...words) {
  const href = safeUrl(address);
  const shown = words.length ? words : [address];
  if (!href) return el("span", { class: "inert-link", title: "This link was not made live" }, shown);
  return el("a", leadingTo(href), shown);
}
