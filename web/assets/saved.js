// A page that no server answers: it holds every list, and shows the one that its address asks for.

import { startSorting } from "./sorted.js";

function titleOf(list) {
  return document.querySelector(list === "issues" ? "#issues-title" : "#impediments > h3");
}

function rowsOf(list) {
  const place = list === "issues" ? '[data-rows="issues"]' : "#impediments table";
  return [...document.querySelectorAll(`${place} > tbody > tr`)];
}

/** Shows the rows of a choice under its title, with a link back to what stands there unasked. */
function choose(list, choice, isAsked) {
  const wanted = new Set(choice.rows);
  for (const [n, row] of rowsOf(list).entries()) row.hidden = !wanted.has(n);
  for (const table of document.querySelectorAll("#results > table")) {
    if (list === "issues") table.hidden = table.dataset.rows !== (choice.other ?? "issues");
  }
  const title = titleOf(list);
  if (!title) return;
  title.textContent = choice.title;
  if (!isAsked) return;
  const back = document.createElement("a");
  back.className = "clear";
  back.href = `?#${list}`;
  back.textContent = list === "issues" ? "all issues of the sprint" : "as it was";
  title.append(" ", back);
}

function start() {
  const source = document.getElementById("saved-lists");
  if (!source) return;
  const lists = JSON.parse(source.textContent);
  const asked = new URLSearchParams(location.search);
  for (const list of ["issues", "impediments"]) {
    const kind = asked.get(list) ?? "";
    const choice = Object.hasOwn(lists[list], kind) ? lists[list][kind] : lists[list][""];
    if (choice) choose(list, choice, kind !== "");
  }
  if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
}

start();
startSorting();
