// Building and keeping DOM nodes. Text always becomes a text node: this page never parses HTML from data.

/** Make an element. Props: class, text, on (listeners), data (dataset), hidden/disabled and so on, else attributes. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") node.className = value;
    else if (name === "text") node.textContent = value;
    else if (name === "on") for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name === "value") node.value = value;
    else if (name === "checked" || name === "selected") node[name] = Boolean(value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  append(node, children);
  return node;
}

/** Append nodes, strings and nested lists of them; skips what is empty. */
export function append(node, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === undefined || child === null || child === false || child === "") continue;
    node.append(child);
  }
  return node;
}

/**
 * Make the children of `parent` match `items`, touching as little as possible.
 *
 * A node whose signature did not change stays the same node at the same place, so focus, typed text, scroll and
 * playback survive. `update(node, item)` may return true to say that it brought an older node up to date itself.
 */
export function reconcile(parent, items, { key, signature, build, update }) {
  const known = new Map();
  for (const node of parent.children) if (node.reconcileKey !== undefined) known.set(node.reconcileKey, node);
  const wanted = items.map((item, index) => {
    const itemKey = key(item, index);
    const itemSignature = signature(item, index);
    const old = known.get(itemKey);
    known.delete(itemKey);
    if (old && old.reconcileSignature === itemSignature) return old;
    if (old && update && update(old, item, index)) {
      old.reconcileSignature = itemSignature;
      return old;
    }
    const fresh = build(item, index);
    fresh.reconcileKey = itemKey;
    fresh.reconcileSignature = itemSignature;
    if (old) old.replaceWith(fresh);
    return fresh;
  });
  for (const node of known.values()) node.remove();
  let cursor = parent.firstChild;
  for (const node of wanted) {
    if (node === cursor) cursor = cursor.nextSibling;
    else parent.insertBefore(node, cursor);
  }
}

/** Run `change`, then give the focus (and caret) back to the element with the same data-focus-key if it was rebuilt. */
export function keepFocus(change) {
  const focused = document.activeElement;
  const focusKey = focused?.dataset?.focusKey;
  const caret = focusKey && typeof focused.selectionStart === "number" ? [focused.selectionStart, focused.selectionEnd] : null;
  change();
  if (!focusKey || document.activeElement === focused) return;
  const successor = document.querySelector(`[data-focus-key="${CSS.escape(focusKey)}"]`);
  if (!successor) return;
  successor.focus({ preventScroll: true });
  if (caret && successor.setSelectionRange) successor.setSelectionRange(...caret);
}

let lastId = 0;

/** An id for label/for and aria references, unique in this page. */
export function freshId(prefix) {
  lastId += 1;
  return `${prefix}-${lastId}`;
}
