// Sorts the tables of a page that no server answers, as links to another order do on a served one.

const NUMBER = /[+\u2212-]?\d[\d\u202f\u00a0]*(?:[.,]\d+)?/;

/** What a row has in a column: a number, a text, or null where nothing is known. */
function valueOf(row, name, index) {
  const given = (row.dataset.sort ?? "").split(" ").find((one) => one.startsWith(`${name}:`));
  if (given !== undefined) return given.length > name.length + 1 ? Number(given.slice(name.length + 1)) : null;
  let place = 0;
  for (const cell of row.cells) {
    if (place === index) return read(cell);
    place += cell.colSpan;
    if (place > index) return null; // a cell over several columns says why there is nothing
  }
  return null;
}

function read(cell) {
  const text = cell.textContent.trim();
  if (!cell.classList.contains("num")) return text;
  const found = text.match(NUMBER);
  return found ? Number(found[0].replace(/[\u202f\u00a0]/g, "").replace("\u2212", "-").replace(",", ".")) : null;
}

function compared(one, other) {
  if (typeof one === "number" && typeof other === "number") return one - other;
  return String(one).localeCompare(String(other), undefined, { numeric: true, sensitivity: "base" });
}

function nameOf(row) {
  return (row.querySelector("a") ?? row.cells[0]).textContent.trim();
}

/** Orders the rows by a column, what is unknown last, and equal ones by name. */
function sort(head, name, isRising) {
  const table = head.closest("table");
  const index = [...head.parentElement.cells].slice(0, head.cellIndex).reduce((sum, one) => sum + one.colSpan, 0);
  const body = table.tBodies[0];
  const rows = [...body.rows].map((row) => [valueOf(row, name, index), row]);
  rows.sort(([, one], [, other]) => compared(nameOf(one), nameOf(other)));
  const known = rows.filter(([value]) => value !== null);
  known.sort(([one], [other]) => (isRising ? compared(one, other) : compared(other, one)));
  body.append(...[...known, ...rows.filter(([value]) => value === null)].map(([, row]) => row));
  for (const one of head.parentElement.cells) one.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", isRising ? "ascending" : "descending");
  for (const one of table.querySelectorAll("thead .sort")) mark(one, one.closest("th"));
  for (const one of document.querySelectorAll("[data-order]")) one.textContent = "";
}

function mark(button, head) {
  const order = head.getAttribute("aria-sort");
  button.classList.toggle("on", order !== null);
  button.querySelector("[aria-hidden]").textContent = order === "ascending" ? "▴" : "▾";
}

/** Whether a column begins with the least: names do, amounts begin with the most. */
function beginsWithLeast(head, name) {
  const row = head.closest("table").tBodies[0].rows[0];
  return !head.classList.contains("num") && !(row?.dataset.sort ?? "").split(" ").some((one) => one.startsWith(`${name}:`));
}

/** Makes buttons of the places that say what a column is sorted by. */
export function startSorting() {
  if (document.querySelector("nav.pager")) return; // rows of other pages would be missing
  for (const place of document.querySelectorAll("th [data-sorts]")) {
    const head = place.closest("th");
    const name = place.dataset.sorts;
    head.dataset.column = name;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    const arrow = document.createElement("span");
    arrow.className = "arrow";
    arrow.setAttribute("aria-hidden", "true");
    const words = document.createElement("span");
    words.className = "away";
    words.textContent = place.textContent ? ": sort" : `Sort by ${head.textContent.trim()}`;
    button.append(...place.childNodes, words, arrow);
    place.replaceWith(button);
    mark(button, head);
    button.addEventListener("click", () => {
      const order = head.getAttribute("aria-sort");
      sort(head, name, order === null ? beginsWithLeast(head, name) : order !== "ascending");
    });
  }
}
