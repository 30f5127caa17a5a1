// Round-cornered initials instead of photographs.
import { el } from "./dom.js";
import { botUserId, nameOf } from "./store.js";

/** A person's (or the app's) initials on their own colour. */
export function avatar(userId, className = "") {
  const name = nameOf(userId) ?? "?";
  const initials = name.split(/\s+/).map((word) => [...word][0]).slice(0, 2).join("").toUpperCase();
  const hue = [...String(userId)].reduce((sum, char) => (sum * 31 + char.codePointAt(0)) % 360, 7);
  const node = el("span", { class: `avatar ${className}${userId === botUserId() ? " avatar-app" : ""}`, "aria-hidden": "true", text: initials });
  node.style.setProperty("--hue", hue);
  return node;
}
