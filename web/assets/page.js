// What pages do with script: theme, definitions on hover and focus, menus, filter, charts.

import { startCharts } from "./charts.js";
import { startRefresh } from "./refresh.js";
import { startRoving } from "./rove.js";

function startTheme() {
  const button = document.querySelector("[data-theme-toggle]");
  const root = document.documentElement;
  button.hidden = false;
  button.addEventListener("click", () => {
    const isDark = getComputedStyle(root).colorScheme === "dark";
    root.dataset.theme = isDark ? "light" : "dark";
    try {
      localStorage.setItem("theme", root.dataset.theme);
    } catch {
      // the choice then holds for this page alone
    }
  });
}

function place(pop, term) {
  const at = term.getBoundingClientRect();
  const size = pop.getBoundingClientRect();
  const left = Math.max(8, Math.min(at.left, innerWidth - size.width - 8));
  const below = at.bottom + 6 + size.height <= innerHeight || at.top < size.height + 6;
  pop.style.left = `${left}px`;
  pop.style.top = `${below ? at.bottom + 6 : at.top - size.height - 6}px`;
}

function startDefinitions() {
  let leaving = 0;
  const open = (term) => {
    const pop = document.getElementById(term.getAttribute("popovertarget"));
    if (pop && !pop.matches(":popover-open")) {
      pop.showPopover();
      place(pop, term);
    }
  };
  const near = (event) => event.target.closest?.(".term");
  document.addEventListener("pointerover", (event) => {
    const term = near(event);
    clearTimeout(leaving);
    if (event.pointerType !== "mouse") return;
    if (term) leaving = setTimeout(() => open(term.firstElementChild), 120);
    else leaving = setTimeout(closeAll, 200);
  });
  document.addEventListener("focusin", (event) => {
    const term = near(event);
    if (!term) closeAll();
    else if (event.target.matches(".dotted:focus-visible")) open(event.target);
  });
  document.addEventListener("toggle", (event) => {
    if (event.target.matches?.(".pop") && event.newState === "open") {
      place(event.target, event.target.previousElementSibling);
    }
  }, true);
  addEventListener("scroll", closeAll, { passive: true });
}

function closeAll() {
  for (const pop of document.querySelectorAll(".pop:popover-open")) pop.hidePopover();
}

function startMenus() {
  const menus = () => document.querySelectorAll("details[data-menu][open]");
  document.addEventListener("click", (event) => {
    for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of menus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}

function startFilters() {
  const form = document.querySelector("form[data-submits]");
  form?.addEventListener("change", () => form.requestSubmit());
}

function startGo() {
  const field = document.querySelector("[data-go]");
  if (!field) return;
  field.nextElementSibling.hidden = false;
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!field.checkVisibility()) return;
    event.preventDefault();
    field.focus();
  });
}

startTheme();
startDefinitions();
startMenus();
startFilters();
startGo();
startCharts();
startRefresh();
startRoving();
