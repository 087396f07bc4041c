// Rotates the wall's teams: the server renders each, this puts one in place of the other.

import { streamOf } from "./stream.js";

const TICK = 10_000;
const PATIENCE = 8000; // milliseconds until a silent server counts as lost
const RETRY = 5000;

const shown = new Map(); // by address: { main, etag, title, at } of its last good answer
let address = location.pathname + location.search;
let turn = 0;
let isHeld = false;
let timer = 0;

const wall = () => document.getElementById("wall");

function read(page, etag) {
  return { main: page.getElementById("wall"), etag, title: page.title, at: Date.now() };
}

/** The last good answer of an address, asked again; `isLost` where the server did not answer. */
async function ask(url) {
  const known = shown.get(url);
  const headers = known?.etag ? { "If-None-Match": known.etag } : {};
  try {
    const signal = AbortSignal.timeout(PATIENCE);
    const answer = await fetch(url, { headers, cache: "no-store", redirect: "manual", signal });
    if (answer.type === "opaqueredirect") location.assign(url); // to the sign-in page
    if (answer.status === 304) known.at = Date.now();
    else if (!answer.ok && answer.status !== 404) throw new Error(`status ${answer.status}`);
    else {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (isOther(page)) location.assign(url); // another version of this program
      shown.set(url, read(page, answer.headers.get("ETag")));
    }
    return false;
  } catch {
    return true;
  }
}

function isOther(page) {
  const script = (one) => one.querySelector("head script[src]")?.getAttribute("src");
  return script(page) !== script(document);
}

/** Shows an address; one that never answered leaves what is shown, marked as lost. */
async function show(url) {
  turn += 1;
  const mine = turn;
  clearTimeout(timer);
  const isLost = await ask(url);
  if (mine !== turn) return; // somebody went on meanwhile
  const found = shown.get(url);
  if (found) {
    const place = wall();
    const fresh = document.importNode(found.main, true);
    const focused = document.activeElement?.closest("#wall a")?.getAttribute("rel");
    place.replaceWith(fresh);
    if (focused) fresh.querySelector(`a[rel="${focused}"]`)?.focus();
    document.title = found.title;
    address = url;
    history.replaceState(null, "", url);
  }
  if (isLost) markLost(shown.get(address)?.at);
  markHeld();
  wait(isLost);
}

function markLost(at) {
  const place = wall().querySelector("[data-fresh]");
  if (!place) return;
  const time = new Date(at ?? Date.now()).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  const sign = document.createElement("span");
  sign.className = "sign";
  sign.setAttribute("aria-hidden", "true");
  sign.textContent = "▲";
  place.classList.add("watch");
  place.replaceChildren(sign, ` ${time}`);
  // a line of its own: beside the name there is no room for it
  const line = wall().querySelector(".stale") ?? document.createElement("p");
  line.className = "stale";
  line.textContent = `No connection to telemetry since ${time}; it is tried again`;
  wall().querySelector("header").after(line);
}

function markHeld() {
  const place = wall().querySelector("[data-held]");
  if (place) place.hidden = !isHeld;
}

function neighbour(name) {
  return wall().querySelector(`[data-${name}]`)?.getAttribute("href") ?? address;
}

function wait(isLost = false) {
  clearTimeout(timer);
  const every = 1000 * (Number(wall().dataset.every) || 20);
  // a team that is alone is asked for again; a lost server is sought more often than that
  const pause = isLost ? Math.min(RETRY, every) : every;
  timer = setTimeout(() => show(isHeld ? address : neighbour("next")), pause);
}

function step(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "ArrowRight") show(neighbour("next"));
  else if (event.key === "ArrowLeft") show(neighbour("previous"));
  else if (event.key === " ") {
    isHeld = !isHeld;
    markHeld();
    wait();
  } else return;
  event.preventDefault();
}

function follow(event) {
  const link = event.target.closest("nav a");
  const isPlain = !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  if (!link || !isPlain) return;
  event.preventDefault();
  show(link.getAttribute("href"));
}

/** Facts that change show at once; a hidden wall listens again when it is shown. */
function listen() {
  let isFirst = true; // tells the version there is
  const stream = streamOf("/events", () => {
    if (!isFirst) show(address);
    isFirst = false;
  });
  const turnTo = () => (document.hidden ? stream.close() : stream.open());
  document.addEventListener("visibilitychange", turnTo);
  setInterval(stream.tick, TICK);
  turnTo();
}

shown.set(address, { ...read(document, null), main: wall().cloneNode(true) });
document.addEventListener("keydown", step);
document.addEventListener("click", follow);
wait();
listen();
