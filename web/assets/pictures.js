// Puts pictures of all charts in the place of their page, for a program that reads what it became.

import { resolve } from "./charts.js";
import { pictured } from "./picture.js";

async function draw({ pictures: format, wanted, width }) {
  const found = {};
  for (const figure of document.querySelectorAll("[data-chart]")) {
    if (wanted && !wanted.split(" ").includes(figure.id)) continue;
    const { spec, size } = pictured(figure, resolve, Number(width) || undefined);
    found[figure.id] = await window.Plotly.toImage(spec, { ...size, format });
  }
  const made = document.createElement("pre");
  made.id = "pictures";
  made.textContent = JSON.stringify(found);
  document.body.replaceChildren(made);
}

draw(document.documentElement.dataset);
