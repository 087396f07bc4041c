// A click in a chart lists what stands behind it: the point's own list, or that of the day.

const NEAR = 4; // pixels
const DOUBLE = 300; // ms within which a second click follows
const listening = new WeakSet();

function dayAt(box, clientX) {
  const area = box.querySelector(".nsewdrag")?.getBoundingClientRect();
  if (!area || clientX < area.left || clientX > area.right) return null;
  const [first, last] = box.layout.xaxis.range.map((text) => Date.parse(`${text.replace(" ", "T")}Z`));
  const at = first + ((clientX - area.left) / area.width) * (last - first);
  return new Date(at).toISOString().slice(0, 10);
}

function show(list, kind) {
  const url = new URL(location.href);
  url.searchParams.set(list, kind);
  url.search = url.search.replaceAll("%3A", ":");
  url.hash = list;
  location.assign(url);
}

/** Listens to a drawn chart whose layout names a list; the table beside it has the same links. */
export function listFrom(box) {
  const list = box.layout.meta?.list;
  if (!list || listening.has(box)) return;
  listening.add(box);
  box.classList.add("lists");
  let under = null;
  let pressed = null;
  let waiting = 0;
  box.on("plotly_hover", (event) => {
    under = event.points[0].customdata ?? null;
  });
  box.on("plotly_unhover", () => {
    under = null;
  });
  // a finger that asks for the words under it does not ask to leave
  box.addEventListener("pointerdown", (event) => {
    pressed = event.pointerType === "mouse" ? [event.clientX, event.clientY] : null;
  }, true);
  box.addEventListener("click", (event) => {
    if (!pressed) return;
    const moved = Math.hypot(event.clientX - pressed[0], event.clientY - pressed[1]);
    if (moved > NEAR) return; // it drew a part of the chart to zoom into
    const day = dayAt(box, event.clientX);
    const { first, last } = box.layout.meta.days;
    const isKnown = day && day >= first && day <= last;
    const kind = under ?? (isKnown ? `day:${day}` : null);
    const isSecond = waiting !== 0;
    clearTimeout(waiting);
    waiting = 0;
    if (!kind || isSecond) return; // a double click shows all of the chart again
    waiting = setTimeout(() => show(list, kind), DOUBLE);
  });
}
