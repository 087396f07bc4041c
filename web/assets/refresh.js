// Keeps an open page right: asks whether it changed and puts the changes in place.

import { drawAll } from "./charts.js";
import { morph } from "./morph.js";

let known = null;
let lastGood = Date.now();

async function look(main) {
  const headers = known ? { "If-None-Match": known } : {};
  const answer = await fetch(location.href, { headers, cache: "no-store", redirect: "manual" });
  if (answer.status === 304) return;
  if (answer.type === "opaqueredirect") {
    location.reload();
    return;
  }
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  known = answer.headers.get("ETag");
  const fresh = page.getElementById("main");
  if (!fresh) return;
  for (const button of fresh.querySelectorAll("[data-png]")) button.hidden = false;
  document.title = page.title;
  morph(main, fresh);
  await drawAll();
  main.dispatchEvent(new CustomEvent("refreshed", { bubbles: true }));
}

function mark(isLost) {
  for (const place of document.querySelectorAll("[data-live]")) {
    place.classList.toggle("lost", isLost);
    place.title = isLost ? `No connection since ${new Date(lastGood).toLocaleTimeString()}` : "";
  }
}

/** Starts looking every so many seconds, as `data-refresh` of the main part says. */
export function startRefresh() {
  const main = document.getElementById("main");
  const seconds = Number(main.dataset.refresh);
  if (!seconds) return;
  let isLooking = false;
  const tick = async () => {
    if (isLooking || document.hidden) return;
    isLooking = true;
    try {
      await look(main);
      lastGood = Date.now();
      mark(false);
    } catch {
      mark(true);
    } finally {
      isLooking = false;
    }
  };
  setInterval(tick, seconds * 1000);
  document.addEventListener("visibilitychange", tick);
}
