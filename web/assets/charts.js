// Draws the charts of a page: colours come from the style sheet at the moment of drawing.

import { listFrom } from "./lists.js";
import { NARROW, narrowed } from "./narrow.js";
import { savePicture } from "./picture.js";

const drawn = new WeakMap();

function colour(role, styles) {
  const [name, opacity] = role.slice(1).split("/");
  const hex = styles.getPropertyValue(`--${name}`).trim();
  if (!opacity) return hex;
  const parts = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
  return `rgba(${parts.join(",")},${opacity})`;
}

/** The figure with its roles ("@plan/0.26") as the colours of the present theme. */
export function resolve(value, styles) {
  if (typeof value === "string") {
    return /^@[a-z][a-z0-9-]*(\/[0-9.]+)?$/.test(value) ? colour(value, styles) : value;
  }
  if (Array.isArray(value)) return value.map((one) => resolve(one, styles));
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, resolve(one, styles)]));
  }
  return value;
}

function scaled(layout, box, styles) {
  const scale = parseFloat(styles.fontSize) / 16;
  if (box.clientWidth < NARROW) narrowed(layout);
  layout.height = box.clientHeight || layout.height;
  layout.width = box.clientWidth;
  layout.font.size *= scale;
  for (const note of layout.annotations ?? []) note.font.size *= scale;
  for (const side of Object.keys(layout.margin)) layout.margin[side] *= scale;
  return layout;
}

/** Drawing over a part of a time axis shows that part, a double click all; a finger scrolls. */
function letZoom(layout) {
  if (layout.xaxis?.type !== "date" || !matchMedia("(pointer: fine)").matches) return;
  layout.dragmode = "zoom";
  layout.xaxis.fixedrange = false;
}

async function draw(figure) {
  const box = figure.querySelector("[data-plot]");
  const source = figure.querySelector('script[type="application/json"]').textContent;
  const styles = getComputedStyle(document.documentElement);
  const look = [source.length, styles.getPropertyValue("--paper"), box.clientWidth, styles.fontSize].join();
  const last = drawn.get(box);
  if (last && last.look === look && last.source === source) return;
  drawn.set(box, { look, source });
  const spec = resolve(JSON.parse(source), styles);
  const config = { displayModeBar: false, responsive: false, scrollZoom: false, doubleClick: "reset" };
  letZoom(spec.layout);
  spec.layout.separators = `${document.documentElement.dataset.decimal}\u202f`;
  await window.Plotly.react(box, spec.data, scaled(spec.layout, box, styles), config);
  listFrom(box);
  for (const button of figure.querySelectorAll("[data-picture]")) {
    button.dataset.scriptState = "";
    button.hidden = false;
  }
  figure.dataset.drawn = "true";
}

/** Draws every chart whose figures, width or theme changed. */
export function drawAll() {
  const figures = [...document.querySelectorAll("[data-chart]")];
  if (figures.length === 0) return Promise.resolve();
  if (!window.Plotly) {
    for (const figure of figures) {
      const box = figure.querySelector("[data-plot]");
      box.textContent = "The chart could not be drawn; its table holds the same figures.";
      box.classList.add("failed");
    }
    return Promise.resolve();
  }
  return Promise.all(figures.map(draw));
}

/** Draws at once, in light and as wide as on paper, which no style says before it is printed. */
function drawForPaper() {
  const root = document.documentElement;
  const { theme } = root.dataset;
  root.dataset.theme = "light";
  root.classList.add("on-paper");
  drawAll();
  addEventListener("afterprint", () => {
    root.classList.remove("on-paper");
    if (theme === undefined) delete root.dataset.theme;
    else root.dataset.theme = theme;
  }, { once: true });
}

/** Draws now, and again when the theme, the width or the medium changes. */
export function startCharts() {
  drawAll();
  let waiting = 0;
  const soon = () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => drawAll());
  };
  const sizes = new ResizeObserver(soon);
  for (const box of document.querySelectorAll("[data-plot]")) sizes.observe(box);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", soon);
  new MutationObserver(soon).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  addEventListener("beforeprint", drawForPaper);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-picture]");
    if (button) savePicture(button.closest("[data-chart]"), resolve, button.dataset.picture);
  });
}
