// Makes one element like another in place: equal nodes stay, with their focus and scroll.

/** Changes `old` until it is like `fresh`. Attributes and children; kept parts are left alone. */
export function morph(old, fresh) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
    return;
  }
  if (old.isEqualNode(fresh)) return;
  morphAttributes(old, fresh);
  if (!old.hasAttribute("data-keep")) morphChildren(old, fresh);
}

function morphAttributes(old, fresh) {
  // what a reader opened stays open; what a chart or a script wrote is not in the answer
  const own = new Set(old.tagName === "DETAILS" ? ["open", "data-drawn"] : ["data-drawn"]);
  if (old.hasAttribute("data-keep")) for (const name of ["class", "style"]) own.add(name);
  if (old.hasAttribute("data-script-state")) own.add("hidden");
  if (old.hasAttribute("popover")) own.add("style");
  if (old.hasAttribute("tabindex") && !fresh.hasAttribute("tabindex")) {
    for (const name of ["tabindex", "data-stop"]) own.add(name); // see rove.js
  }
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !own.has(name) && name !== "data-script-state") {
      old.removeAttribute(name);
    }
  }
  for (const { name, value } of fresh.attributes) {
    if (!own.has(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
}

/** What tells a node from its neighbours: its id; of a row or item, the address it links to. */
function keyOf(node) {
  if (node.id) return `#${node.id}`;
  if (node.nodeName !== "TR" && node.nodeName !== "LI") return "";
  return node.querySelector("a[href]")?.getAttribute("href") ?? "";
}

function isSame(a, b) {
  return a.nodeType === b.nodeType && a.nodeName === b.nodeName && keyOf(a) === keyOf(b);
}

function morphChildren(old, fresh) {
  const wanted = [...fresh.childNodes];
  const keys = new Set(wanted.map(keyOf));
  // what is gone goes first, so that what stays need not move: moving takes the focus away
  for (const node of [...old.childNodes]) if (!keys.has(keyOf(node))) node.remove();
  for (let n = 0; n < wanted.length; n += 1) {
    const next = wanted[n];
    const here = old.childNodes[n];
    if (here === undefined) old.append(next);
    else if (isSame(here, next)) morph(here, next);
    else {
      const key = keyOf(next);
      const later = key && [...old.childNodes].slice(n).find((node) => isSame(node, next));
      if (later) {
        old.insertBefore(later, here);
        morph(later, next);
      } else old.insertBefore(next, here);
    }
  }
  while (old.childNodes.length > wanted.length) old.lastChild.remove();
}
