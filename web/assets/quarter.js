// What would become of a quarter, and a burnup of some of its epics: the server computes both at each
// move of a slider and each tick, and the address says what is asked for.

import { drawAll } from "./charts.js";
import { morph } from "./morph.js";

const PARTS = ["what-if", "roadmap"];

let isAsking = false;
let wanted = null;

function sliders() {
  return document.querySelectorAll("[data-what-if] input[type=range]");
}

/** The address of what sliders and ticks say; what changes nothing is left out. */
function address() {
  const words = new URLSearchParams();
  for (const slider of sliders()) {
    if (Number(slider.value) !== Number(slider.dataset.usual)) words.set(slider.name, slider.value);
  }
  for (const tick of document.querySelectorAll('input[form="choice"]:checked')) {
    words.append(tick.name, tick.value);
  }
  return words.size ? `${location.pathname}?${words}` : location.pathname;
}

async function look(asked) {
  const answer = await fetch(asked, { redirect: "manual" });
  if (!answer.ok) {
    location.reload();
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (wanted) return; // more was moved meanwhile
  for (const button of page.querySelectorAll("[data-picture]")) button.hidden = false;
  for (const name of PARTS) {
    const [old, fresh] = [document.getElementById(name), page.getElementById(name)];
    if (old && fresh) morph(old, fresh);
  }
  await drawAll();
}

/** Puts what is asked for in place; of several questions that come meanwhile the last. */
async function show() {
  wanted = address();
  history.replaceState(null, "", wanted);
  if (isAsking) return;
  isAsking = true;
  while (wanted) {
    const asked = wanted;
    wanted = null;
    let isLost = false;
    try {
      await look(asked);
    } catch {
      isLost = true;
    }
    const lost = document.querySelector("[data-what-if] .lost");
    if (lost) lost.hidden = !isLost;
  }
  isAsking = false;
}

document.addEventListener("input", (event) => {
  if (event.target.closest("[data-what-if]") || event.target.matches('input[form="choice"]')) show();
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-what-if], [data-choice]")) return;
  event.preventDefault();
  show();
});

document.addEventListener("click", (event) => {
  const isPlain = !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  const link = isPlain && event.target.closest("[data-reset], [data-none]");
  if (!link) return;
  event.preventDefault();
  if (link.matches("[data-reset]")) {
    for (const slider of sliders()) slider.value = slider.dataset.usual;
  } else {
    for (const tick of document.querySelectorAll('input[form="choice"]')) tick.checked = false;
  }
  show();
});
