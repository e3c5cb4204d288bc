// Runs before conversation.js in the same function. The address names the open article and the question
// that found it. So Back, Forward, a reload and a second tab all lead to the same place.
const shared = (window.pullquote ??= {});
const PLACE = ["article", "start", "end", "version"];
history.scrollRestoration = "manual"; // the page scrolls to the turn or to the marked words instead

// The parts of an address: a place or null, a question or "", and what narrows the question.
function partsOf(search) {
  const query = new URLSearchParams(search);
  query.delete("__theme"); // Gradio's own parameter
  const given = PLACE.filter((name) => query.has(name)).map((name) => [name, query.get(name)]);
  const question = query.get("question") ?? "";
  for (const name of [...PLACE, "question"]) query.delete(name);
  const place = Object.fromEntries(given);
  return { place: place.article === undefined ? null : place, question, narrowed: String(query) };
}

// The last turn that asked the question of an address in the same way.
function turnAt({ question, narrowed }) {
  if (question === "") return undefined;
  const asks = ({ dataset }) =>
    dataset.asked === question && String(new URLSearchParams(dataset.narrowed)) === narrowed;
  return [...element.querySelectorAll(".pq-turn")].findLast(asks);
}

function scrollToTurn(turn) {
  turn.scrollIntoView({ block: "nearest" });
  element.scrollTop = turn.offsetTop - element.offsetTop;
}

let filled = false; // whether the address has been read
let moves = false; // whether the next article pane belongs to an answer, a new conversation or home

// Puts the link of the article pane into the address bar. `opened` is true if a person chose the article.
// A new place becomes a new entry of the history. An address that only asks a question becomes the address
// of its answer. Returns whether a phone should scroll to the article, which is below the conversation.
shared.showAddress = (link, opened) => {
  const query = new URLSearchParams(link);
  const theme = new URLSearchParams(location.search).get("__theme");
  if (theme !== null) query.set("__theme", theme);
  const search = query.size > 0 ? `?${query}` : "";
  const before = partsOf(location.search);
  const now = partsOf(search);
  const same = search === location.search;
  if (filled && !same && !opened && !moves) return false; // a later Back or Forward has overtaken it
  const asks = before.question === now.question && before.narrowed === now.narrowed;
  const answers = !opened && now.question !== "" && before.place === null && asks;
  const adds = filled && !same && !answers;
  const shown = opened || (filled && same && history.state?.opened === true);
  [filled, moves] = [true, false];
  const state = same ? history.state : { ...history.state, opened };
  history[adds ? "pushState" : "replaceState"](state, "", location.pathname + search);
  return shown;
};

window.addEventListener("popstate", () => {
  const at = partsOf(location.search);
  const turn = turnAt(at);
  const { start, end, article } = at.place ?? {};
  const cites = ({ dataset }) =>
    dataset.article === article && dataset.start === start && dataset.end === end;
  shared.chosen = [...(turn?.querySelectorAll(".pq-cite") ?? [])].find(cites);
  moves = false;
  const pane = document.querySelector("#pq-article [role=region]");
  if (pane.contains(document.activeElement)) pane.focus({ preventScroll: true });
  const lost = turn === undefined && at.question !== "";
  if (lost) trigger("restore", { ...at, keeps: at.place !== null });
  if (!lost || at.place !== null) trigger("cite", at);
  if (turn !== undefined) scrollToTurn(turn);
});

// Links within the page: an article, or home. There the question box is empty and no article open; the
// conversation stays.
document.addEventListener("click", (event) => {
  const link = event.target.closest(".pq-home, .pq-newest a");
  const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  if (link === null || elsewhere) return;
  event.preventDefault();
  const to = partsOf(link.search);
  if (to.place === null) {
    moves = true;
    shared.typeQuestion("");
  } else {
    shared.follows = {};
    shared.closeFilters?.();
  }
  trigger("cite", to);
});
