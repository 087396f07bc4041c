// Saves a chart as a picture that explains itself: named and titled by team, sprint and chart, with
// its key, in light colours whatever the page shows.

import { NARROW, narrowed } from "./narrow.js";

const WIDTH = 1000;
const ABOVE = 52; // pixels for the title
const IN_A_ROW = 4; // entries of the key
const SAID = 58; // characters that a narrow picture has room for
const ENTRY = 150; // pixels of each
const NARROW_ROW = { inARow: 2, entry: 128 };
const ROW = 20;

/** What `read` finds while the page's colours are the light ones; nothing is painted meanwhile. */
function inLight(read) {
  const root = document.documentElement;
  const { theme } = root.dataset;
  root.dataset.theme = "light";
  try {
    return read(getComputedStyle(root));
  } finally {
    if (theme === undefined) delete root.dataset.theme;
    else root.dataset.theme = theme;
  }
}

function plain(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

/** Team and sprint, or the days shown; a sprint that is called by its team needs no team. */
function aboutPage() {
  const { team = "", part = "" } = document.getElementById("main").dataset;
  return part.startsWith(team) ? [part] : [team, part].filter(Boolean);
}

/** How many entries the key has: what is drawn under a name of its own. */
function entries(data) {
  return new Set(data.filter((one) => one.showlegend !== false && one.name).map((one) => one.name)).size;
}

function cut(text, length) {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

function titled({ data, layout }, title, about, width) {
  const isNarrow = width < NARROW;
  if (isNarrow) narrowed(layout);
  const { inARow, entry } = isNarrow ? NARROW_ROW : { inARow: IN_A_ROW, entry: ENTRY };
  const below = 16 + ROW * Math.ceil(entries(data) / inARow);
  const at = document.querySelector(".fresh time")?.dateTime.slice(0, 10);
  const said = [...about, ...(at ? [`as of ${at}`] : [])].join(", ");
  layout.title = {
    text: `<b>${plain(title)}</b><br><span style="font-size:12px">${plain(isNarrow ? cut(said, SAID) : said)}</span>`,
    font: { size: isNarrow ? 14 : 16 },
    x: 0, xref: "container", xanchor: "left", y: 1, yref: "container", yanchor: "top", pad: { t: 24, l: 16 },
  };
  layout.margin.t += ABOVE;
  layout.margin.b += below;
  layout.margin.r += 16;
  layout.height += ABOVE + below;
  layout.width = width;
  layout.showlegend = true;
  layout.legend = {
    orientation: "h", x: 0, xanchor: "left", y: 0, yref: "container", yanchor: "bottom", traceorder: "normal",
    entrywidth: entry, entrywidthmode: "pixels",
  };
}

/** The chart of a figure element as Plotly takes it, its size and its name; `resolve` writes its
 * colours, as for the page. */
export function pictured(figure, resolve, width = WIDTH) {
  const source = JSON.parse(figure.querySelector('script[type="application/json"]').textContent);
  const title = figure.querySelector("h3").textContent.trim();
  const about = aboutPage();
  const filename = [...about, title].join(" ").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "").slice(0, 150);
  const spec = inLight((styles) => {
    const { data, layout } = resolve(source, styles);
    layout.paper_bgcolor = styles.getPropertyValue("--paper").trim();
    layout.separators = `${document.documentElement.dataset.decimal}\u202f`;
    return { data, layout };
  });
  titled(spec, title, about, width);
  return { spec, filename, size: { width, height: spec.layout.height, scale: 2 } };
}

/** Saves the chart of a figure element as png or svg. */
export function savePicture(figure, resolve, format) {
  const { spec, filename, size } = pictured(figure, resolve);
  return window.Plotly.downloadImage(spec, { ...size, format, filename });
}
