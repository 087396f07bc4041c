// A click in a chart leads to what stands behind it: to the list of the point or of its day on the
// same page, or to the point's own address.

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

/** Goes where the same link in the table goes; to a new tab where the keys ask for one. */
function follow(address, isAside) {
  const link = document.createElement("a");
  link.href = address;
  link.rel = "noreferrer";
  if (isAside) link.target = "_blank";
  link.click();
}

function dayUnder(box, clientX) {
  if (!box.layout.meta.days) return null;
  const day = dayAt(box, clientX);
  const { first, last } = box.layout.meta.days;
  return day && day >= first && day <= last ? `day:${day}` : null;
}

/** Listens to a drawn chart that lists or leads; the table beside it has the same links. */
export function listFrom(box) {
  const { list, leads } = box.layout.meta ?? {};
  if ((!list && !leads) || listening.has(box)) return;
  listening.add(box);
  const isAll = Boolean(box.layout.meta.days); // every place of it lists something
  box.classList.toggle("lists", isAll);
  let under = null;
  let pressed = null;
  let waiting = 0;
  box.on("plotly_hover", (event) => {
    under = event.points[0].customdata ?? null;
    box.classList.toggle("lists", isAll || under !== null);
  });
  box.on("plotly_unhover", () => {
    under = null;
    box.classList.toggle("lists", isAll);
  });
  // a finger that asks for the words under it does not ask to leave
  box.addEventListener("pointerdown", (event) => {
    pressed = event.pointerType === "mouse" ? [event.clientX, event.clientY] : null;
  }, true);
  box.addEventListener("click", (event) => {
    if (!pressed) return;
    const moved = Math.hypot(event.clientX - pressed[0], event.clientY - pressed[1]);
    if (moved > NEAR) return; // it drew a part of the chart to zoom into
    const found = under ?? dayUnder(box, event.clientX);
    const isAside = event.ctrlKey || event.metaKey;
    const isSecond = waiting !== 0;
    clearTimeout(waiting);
    waiting = 0;
    if (!found || isSecond) return; // a double click shows all of the chart again
    waiting = setTimeout(() => (leads ? follow(found, isAside) : show(list, found)), DOUBLE);
  });
}
