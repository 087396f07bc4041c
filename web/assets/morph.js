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
  const own = new Set(old.tagName === "DETAILS" ? ["open"] : []);
  if (old.hasAttribute("data-keep")) for (const name of ["class", "style"]) own.add(name);
  if (old.hasAttribute("data-script-state")) own.add("hidden");
  if (old.hasAttribute("popover")) own.add("style");
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !own.has(name) && name !== "data-script-state") {
      old.removeAttribute(name);
    }
  }
  for (const { name, value } of fresh.attributes) {
    if (!own.has(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
}

function isSame(a, b) {
  return a.nodeType === b.nodeType && a.nodeName === b.nodeName && (a.id ?? "") === (b.id ?? "");
}

function morphChildren(old, fresh) {
  const wanted = [...fresh.childNodes];
  for (let n = 0; n < wanted.length; n += 1) {
    const next = wanted[n];
    const here = old.childNodes[n];
    if (here === undefined) old.append(next);
    else if (isSame(here, next)) morph(here, next);
    else {
      const later = next.id ? [...old.childNodes].find((node) => node.id === next.id) : undefined;
      if (later !== undefined) {
        old.insertBefore(later, here);
        morph(later, next);
      } else old.insertBefore(next, here);
    }
  }
  while (old.childNodes.length > wanted.length) old.lastChild.remove();
}
