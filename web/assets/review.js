// What a team types on its review: saved as it is typed, merged with what others type.

const PAUSE = 1200; // ms without a key before the notes are saved
const main = document.getElementById("main");
const address = main.dataset.notes;

const typed = () => JSON.parse(document.getElementById("typed").textContent);
const notesField = () => document.getElementById("notes-text");
const boxes = () => [...main.querySelectorAll("[data-tick]")];
const choices = () => [...main.querySelectorAll('input[name="outcome"]')];

let version = 0;
let waiting = 0;
let saving = null;
let unsaved = {};

function show() {
  for (const one of main.querySelectorAll("[data-script-shows]")) {
    one.dataset.scriptState = "";
    one.hidden = false;
  }
  main.classList.add("can-type");
}

function say(text) {
  const place = main.querySelector("[data-saved]");
  if (place) place.textContent = text;
}

/** Puts what the server has into the fields that nobody is changing here. */
function take(known) {
  version = Math.max(version, known.version);
  if (!("notes" in unsaved) && notesField().value !== known.notes) notesField().value = known.notes;
  if (!("goal_reached" in unsaved)) for (const one of choices()) one.checked = one.value === known.goal_reached;
  for (const box of boxes()) {
    if (!(box.dataset.tick in (unsaved.ticks ?? {}))) box.checked = Boolean(known.ticks[box.dataset.tick]);
  }
}

function change(fields) {
  unsaved = { ...unsaved, ...fields, ticks: { ...unsaved.ticks, ...fields.ticks } };
  say("Not saved yet.");
}

async function save() {
  clearTimeout(waiting);
  if (saving || !Object.keys(unsaved).length) return;
  const sent = unsaved;
  unsaved = {};
  saving = fetch(address, {
    method: "PUT",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ version, ...sent }),
    keepalive: JSON.stringify(sent).length < 60_000,
  });
  try {
    const answer = await saving;
    const said = await answer.json();
    if (!answer.ok) throw new Error(said.detail);
    take(said);
    const names = said.overtaken.map((one) => one.field === "notes" ? "notes" : "a tick or the goal");
    say(names.length
      ? `Saved. Somebody else changed the ${[...new Set(names)].join(" and ")} meanwhile: what they typed stands in the history.`
      : `Saved at ${new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })}.`);
  } catch (error) {
    unsaved = { ...sent, ...unsaved, ticks: { ...sent.ticks, ...unsaved.ticks } };
    say(`Not saved: ${error.message}`);
  }
  saving = null;
}

main.addEventListener("input", (event) => {
  const field = event.target;
  if (field.name === "notes") {
    change({ notes: field.value });
    clearTimeout(waiting);
    waiting = setTimeout(save, PAUSE);
  }
});
main.addEventListener("change", (event) => {
  const field = event.target;
  if (field.name === "outcome") change({ goal_reached: field.value });
  else if (field.dataset.tick) change({ ticks: { [field.dataset.tick]: field.checked } });
  save();
});
addEventListener("pagehide", save);
main.addEventListener("refreshed", () => {
  show();
  take(typed());
});

show();
take(typed());
