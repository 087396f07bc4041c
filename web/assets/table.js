// Filters and sorts a list without leaving the page: the server renders, as ever.

import { morph } from "./morph.js";

const PAUSE = 150; // between letters

let asked = 0;

/** Puts the list of an address in place of the one shown; the address then says so. */
async function show(url) {
  asked += 1;
  const mine = asked;
  history.replaceState(null, "", url);
  const answer = await fetch(url, { redirect: "manual" });
  if (!answer.ok) {
    location.reload();
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("main");
  if (mine !== asked || !fresh) return; // a later question is on its way
  const main = document.getElementById("main");
  const rows = fresh.querySelector("#results");
  // rows in another order are quicker made anew than turned into each other
  main.querySelector("#results").replaceWith(document.adoptNode(rows.cloneNode(true)));
  morph(main, fresh);
}

function addressOf(form) {
  const words = new URLSearchParams(new FormData(form));
  for (const [name, value] of [...words]) if (!value) words.delete(name);
  return words.size ? `?${words}` : location.pathname;
}

function start() {
  const form = () => document.querySelector("form[data-filters]");
  let waiting = 0;
  const filter = (pause) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => show(addressOf(form())), pause);
  };
  document.addEventListener("input", (event) => {
    if (event.target.closest("form[data-filters]")) filter(event.target.type === "search" ? PAUSE : 0);
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-filters]")) return;
    event.preventDefault();
    filter(0);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.sort");
    const isPlain = !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!link || !isPlain) return;
    event.preventDefault();
    const place = [...document.querySelectorAll("a.sort")].indexOf(link);
    show(link.getAttribute("href")).then(() => document.querySelectorAll("a.sort")[place]?.focus());
  });
}

start();
