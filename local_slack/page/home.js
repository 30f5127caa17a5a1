// The app's Home tab.
import { renderBlocks } from "./blocks.js";
import { viewContext } from "./context.js";
import { el } from "./dom.js";
import { collectValues } from "./elements.js";
import { botName, store } from "./store.js";

/** The Home tab under `header`. */
export function createHome(header) {
  const blocks = el("div", { class: "blocks home-blocks" });
  const empty = el("p", { class: "empty" });
  const scroller = el("div", { class: "scroller home", role: "region", "aria-label": "Home", tabindex: "0" }, empty, blocks);
  const node = el("div", { class: "conversation" }, header, scroller);
  let context = null;
  return {
    place: "home",
    node,
    focus: () => header.querySelector('.tab[aria-selected="true"]')?.focus({ preventScroll: true }),
    update() {
      const view = store.state.homes?.[store.user];
      empty.textContent = view ? "" : `${botName()} has nothing on its Home tab for you yet.`;
      if (!view) return blocks.replaceChildren();
      if (context?.viewId !== view.id) context = viewContext(view.id, collectValues);
      renderBlocks(blocks, view.blocks, context);
      return undefined;
    },
  };
}
