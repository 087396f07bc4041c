// Keyboard: what belongs together is one stop, and the arrow keys go on from there. That holds for
// the definitions of a block, and for the links of each [data-rove].

const NEXT = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

function groups() {
  const found = [...document.querySelectorAll("[data-rove]")].map((one) => [...one.querySelectorAll("a")]);
  const terms = new Map();
  for (const term of document.querySelectorAll(".dotted")) {
    const block = term.closest("section, .head") ?? term.closest("table, main") ?? document.body;
    terms.set(block, [...(terms.get(block) ?? []), term]);
  }
  return [...found, ...terms.values()];
}

function groupOf(member) {
  return groups().find((one) => one.includes(member));
}

/** Leaves one stop to each group: where one is, or was last, else at what is shown, else the first. */
function settle() {
  for (const group of groups()) {
    const stop = group.find((one) => one === document.activeElement)
      ?? group.find((one) => one.dataset.stop)
      ?? group.find((one) => one.hasAttribute("aria-current"))
      ?? group[0];
    for (const one of group) {
      const place = one === stop ? 0 : -1;
      if (one.tabIndex !== place) one.tabIndex = place;
    }
  }
}

function move(event) {
  const group = event.target.matches?.(".dotted, [data-rove] a") ? groupOf(event.target) : null;
  if (!group || event.ctrlKey || event.metaKey || event.altKey) return;
  const here = group.indexOf(event.target);
  const ends = { Home: 0, End: group.length - 1 };
  const to = event.key in NEXT ? here + NEXT[event.key] : ends[event.key];
  if (to === undefined) return;
  event.preventDefault();
  for (const one of group) delete one.dataset.stop;
  const next = group[(to + group.length) % group.length];
  next.dataset.stop = "true";
  next.focus();
  settle();
}

/** Settles now, and again when the page's content changes. */
export function startRoving() {
  settle();
  let waiting = 0;
  const main = document.getElementById("main");
  if (main) {
    new MutationObserver(() => {
      cancelAnimationFrame(waiting);
      waiting = requestAnimationFrame(settle);
    }).observe(main, { childList: true, subtree: true });
  }
  document.addEventListener("keydown", move);
}
