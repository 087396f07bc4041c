// Keeps an open page right: listens for changes, fetches the page anew and puts them in place.

import { drawAll } from "./charts.js";
import { morph } from "./morph.js";
import { streamOf } from "./stream.js";

const TICK = 10_000;
const MINUTE = 60_000; // how old a page gets without an event: ages and staleness move with time
const AFTER_LOAD = 1000;
const SPREAD = 250; // so that all who listen do not ask in the same instant

let known = null;
let lastGood = Date.now();

function scripts(page) {
  return [...page.querySelectorAll("head script[src]")].map((one) => one.getAttribute("src")).join();
}

function place(main, fresh) {
  const focused = document.activeElement;
  morph(main, fresh);
  if (focused?.isConnected && focused !== document.activeElement) focused.focus({ preventScroll: true });
}

async function look(main) {
  // what the browser keeps of this page answers the first time, so that it costs no second copy
  const asked = known ? { headers: { "If-None-Match": known }, cache: "no-store" } : { cache: "no-cache" };
  const answer = await fetch(location.href, { ...asked, redirect: "manual" });
  if (answer.status === 304) return;
  if (answer.type === "opaqueredirect" || answer.status === 404) {
    location.reload();
    return;
  }
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (scripts(page) !== scripts(document)) {
    location.reload(); // another version of this program, or other scripts than this page has
    return;
  }
  known = answer.headers.get("ETag");
  const fresh = page.getElementById("main");
  if (!fresh) return;
  for (const button of fresh.querySelectorAll("[data-picture]")) button.hidden = false;
  document.title = page.title;
  place(main, fresh);
  await drawAll();
  main.dispatchEvent(new CustomEvent("refreshed", { bubbles: true }));
}

function mark(isLost) {
  for (const one of document.querySelectorAll("[data-live]")) {
    one.classList.toggle("lost", isLost);
    const sign = one.querySelector(".sign");
    if (sign && isLost) {
      sign.dataset.was ??= sign.textContent;
      sign.textContent = "▲";
    } else if (sign?.dataset.was) {
      sign.textContent = sign.dataset.was;
      delete sign.dataset.was;
    }
    one.title = isLost ? `No connection since ${new Date(lastGood).toLocaleTimeString()}` : "";
  }
}

function eventsUrl() {
  const [, section, team] = location.pathname.split("/");
  return section === "teams" && team ? `/events?team=${team}` : "/events";
}

/** Keeps the page right where its main part has `data-refresh`: by events, else by asking. */
export function startRefresh() {
  const main = document.getElementById("main");
  if (!main.dataset.refresh) return;
  let lookedAt = Date.now();
  let isLooking = false;
  let isWanted = false;
  const update = async () => {
    isWanted = true;
    if (isLooking || document.hidden) return;
    isLooking = true;
    while (isWanted && !document.hidden) {
      isWanted = false;
      lookedAt = Date.now();
      try {
        await look(main);
        lastGood = Date.now();
        mark(false);
      } catch {
        mark(true);
      }
    }
    isLooking = false;
  };

  const stream = streamOf(eventsUrl(), () => setTimeout(update, Math.random() * SPREAD));

  const tick = () => {
    if (document.hidden) return;
    const age = Date.now() - lookedAt;
    if (age >= (stream.isListening() ? MINUTE : TICK - 1000)) update();
    stream.tick();
  };

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) stream.close(); // a hidden page needs none
    else {
      stream.open();
      update();
    }
  });
  // first the page itself: the first event tells whether it changed meanwhile
  const start = () => setTimeout(() => document.hidden || stream.open(), AFTER_LOAD);
  if (document.readyState === "complete") start();
  else addEventListener("load", start);
  setInterval(tick, TICK);
}
