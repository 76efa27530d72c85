// Elements. Text goes in as text and nothing else: whatever a vendor writes is never read as markup.

/** @typedef {Node | string | null} Child null is left out */

/**
 * @param {Element} node
 * @param {Readonly<Record<string, string | boolean>>} attributes true sets an empty one, false none
 * @param {readonly Child[]} children
 */
const fill = (node, attributes, children) => {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.filter((child) => child !== null));
};

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Readonly<Record<string, string | boolean>>} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export const element = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag);
  fill(node, attributes, children);
  return node;
};

/**
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Readonly<Record<string, string | boolean>>} [attributes]
 * @param {...Child} children
 * @returns {SVGElementTagNameMap[Tag]}
 */
export const drawing = (tag, attributes = {}, ...children) => {
  const node = document.createElementNS('http://www.w3.org/2000/svg', tag);
  fill(node, attributes, children);
  return node;
};

/**
 * A vendor's text, in a direction of its own: what turns writing around ends with it.
 * @param {string} text
 */
export const vendorText = (text) => element('bdi', {}, text);

/**
 * @template {HTMLElement} Kind
 * @param {string} id
 * @param {new () => Kind} kind
 * @returns {Kind}
 */
export const byId = (id, kind) => {
  const node = document.getElementById(id);
  if (!(node instanceof kind)) throw new Error(`the document has no ${kind.name} #${id}`);
  return node;
};

/** @typedef {{ item: unknown, node: Element }} Shown */
/** @type {WeakMap<Element, Map<string, Shown>>} */
const shownIn = new WeakMap();

/**
 * Puts a new node in an old one's place, and the focus where it was.
 * @param {Element} old
 * @param {Element} node
 */
const replace = (old, node) => {
  const hadFocus = old.contains(document.activeElement);
  old.replaceWith(node);
  if (hadFocus) node.querySelector('a')?.focus();
};

/**
 * Brings the children in step with the items, and leaves alone what did not change: the focus stays where it is.
 * @template Item
 * @param {Element} parent
 * @param {readonly Item[]} items
 * @param {(item: Item) => string} keyOf
 * @param {(item: Item) => Element} create
 */
export const reconcile = (parent, items, keyOf, create) => {
  const before = shownIn.get(parent) ?? new Map();
  const after = new Map();
  for (const item of items) {
    const old = before.get(keyOf(item));
    const node = old?.item === item ? old.node : create(item);
    if (old && old.node !== node) replace(old.node, node);
    after.set(keyOf(item), { item, node });
  }
  for (const [key, { node }] of before) if (!after.has(key)) node.remove();
  let place = parent.firstElementChild;
  for (const { node } of after.values()) {
    if (place !== null && node === place) place = place.nextElementSibling;
    else parent.insertBefore(node, place);
  }
  shownIn.set(parent, after);
};
