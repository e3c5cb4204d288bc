// The drawer with the filters. It is a form whose fields are named as in a link, so the chosen filters are
// sent as the query of a link. Runs once, in gr.HTML's js_on_load.
const shared = (window.pullquote ??= {});
const form = element.querySelector("form");
const drawer = form.querySelector(".pq-drawer");
const opener = form.querySelector(".pq-filters-open");
const lastTurn = () => document.querySelector(".pq-turn:last-child[data-key]");

const chosen = () => [...new FormData(form)].filter(([, value]) => value !== "");
shared.chosenFilters = () => String(new URLSearchParams(chosen()));

function showDrawer(on) {
  if (!on) {
    shared.closeFilters();
    opener.focus();
    return;
  }
  drawer.hidden = false;
  opener.setAttribute("aria-expanded", "true");
  showNumber();
  drawer.querySelector("h2").focus();
  // At the bottom of a small window the drawer covers its lower half, so the answer moves up.
  if (drawer.offsetTop > 0) lastTurn()?.scrollIntoView({ block: "start" });
}

// An article that opens is not covered. The focus stays where it is: it goes to the article.
shared.closeFilters = () => {
  drawer.hidden = true;
  opener.setAttribute("aria-expanded", "false");
};

// Shows how many filters are chosen, and whether the days are in order. Saves them for a reload.
function showNumber() {
  saveChosen();
  const number = chosen().length;
  const count = opener.querySelector(".pq-filters-set");
  count.textContent = number === 0 ? "" : `${number} set`;
  count.hidden = number === 0;
  form.querySelector(".pq-filters-clear").disabled = number === 0;
  form.querySelector(".pq-ask-chosen").disabled = lastTurn() === null;
  const { since, until } = form.elements;
  const swapped = since.value !== "" && until.value !== "" && since.value > until.value;
  const error = swapped ? "The “from” date is after the “until” date. Swap them, or clear one." : "";
  showError(form.querySelector("#pq-days-error"), error);
  for (const day of [since, until]) day.setAttribute("aria-invalid", String(swapped));
}

const KEPT = "pullquote-filters";

function saveChosen() {
  try {
    sessionStorage.setItem(KEPT, shared.chosenFilters());
  } catch {
    // the browser allows no storage
  }
}

// The names and values that were chosen before the page was loaded again; none on any other visit.
function keptFilters() {
  if (performance.getEntriesByType("navigation")[0]?.type !== "reload") return [];
  try {
    return [...new URLSearchParams(sessionStorage.getItem(KEPT) ?? "")];
  } catch {
    return [];
  }
}

function showError(place, words) {
  if (place.textContent !== words) place.textContent = words;
}

form.addEventListener("input", showNumber);
form.addEventListener("change", showNumber);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const turn = lastTurn();
  if (turn !== null) shared.askAgain(turn, { chosen: shared.chosenFilters() });
});
form.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button === opener) showDrawer(drawer.hidden);
  if (button?.matches(".pq-drawer-close")) showDrawer(false);
  if (button?.matches(".pq-filters-clear")) {
    form.reset();
    for (const field of fields) field.clear();
    showNumber();
    drawer.querySelector("h2").focus(); // the button is disabled now
    shared.say?.("No filters are set.");
  }
});
drawer.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented) showDrawer(false);
});
drawer.addEventListener("focusin", () => {
  form.querySelector(".pq-ask-chosen").disabled = lastTurn() === null;
});
