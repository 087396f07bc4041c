// What would become of a quarter: each move of a slider asks the server, which computes it.

import { morph } from "./morph.js";

let isAsking = false;
let wanted = null;

/** The address of what the sliders say; one that stands where nothing is changed is left out. */
function addressOf(form) {
  const words = new URLSearchParams();
  for (const slider of form.querySelectorAll("input[type=range]")) {
    if (Number(slider.value) !== Number(slider.dataset.usual)) words.set(slider.name, slider.value);
  }
  return words.size ? `${location.pathname}?${words}` : location.pathname;
}

/** Puts the figures of an address in place; of several that are asked for meanwhile the last. */
async function show(address) {
  history.replaceState(null, "", address);
  wanted = address;
  if (isAsking) return;
  isAsking = true;
  while (wanted) {
    const asked = wanted;
    wanted = null;
    let isLost = false;
    try {
      const answer = await fetch(asked, { redirect: "manual" });
      if (!answer.ok) {
        location.reload();
        return;
      }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("what-if");
      if (!fresh) {
        location.reload();
        return;
      }
      if (!wanted) morph(document.getElementById("what-if"), fresh);
    } catch {
      isLost = true;
    }
    const lost = document.querySelector("[data-what-if] .lost");
    if (lost) lost.hidden = !isLost;
  }
  isAsking = false;
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("[data-what-if]");
  if (form) show(addressOf(form));
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-what-if]")) return;
  event.preventDefault();
  show(addressOf(event.target));
});

document.addEventListener("click", (event) => {
  const isPlain = !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (!isPlain || !event.target.closest("[data-what-if] [data-reset]")) return;
  event.preventDefault();
  for (const slider of document.querySelectorAll("[data-what-if] input[type=range]")) {
    slider.value = slider.dataset.usual;
  }
  show(location.pathname);
});
