// Runs once, in gr.HTML's js_on_load: `element` stays the same, and show() fills it. The server sends a
// whole page or an update of one turn, so a question in a long conversation costs no more than in a short
// one.
element.setAttribute("role", "region");
element.setAttribute("aria-label", "Conversation");
element.tabIndex = 0;

// Screen readers speak only #pq-status. Reading out passages that an answer is about to replace would
// be noise.
shared.say = (words) => {
  const status = document.querySelector("#pq-status");
  if (status !== null && status.textContent !== words) status.textContent = words;
};

// Opens a citation. `step` is set if an arrow button in the article pane was pressed.
shared.openCitation = (button, step) => {
  const { article, start, end, version } = button.dataset;
  const turn = button.closest(".pq-turn");
  const { asked: question, narrowed } = turn?.dataset ?? {};
  shared.chosen = button;
  shared.follows = { step }; // article.js moves the focus
  shared.closeFilters?.(); // the drawer would cover the article
  trigger("cite", { place: { article, start, end, version }, question, narrowed });
};

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button === null) return;
  const { question, article } = button.dataset;
  if (question !== undefined) {
    trigger("example", { question });
    element.focus({ preventScroll: true }); // the button is about to be removed
  }
  if (article !== undefined) shared.openCitation(button);
  const turn = button.closest(".pq-turn");
  if (button.dataset.chip !== undefined) askAgain(turn, { chip: button.dataset.chip });
  if (button.dataset.kind !== undefined) askAgain(turn, { kind: button.dataset.kind });
  if (button.dataset.asTyped !== undefined) {
    askAgain(turn, { as_typed: button.dataset.asTyped === "true" });
  }
  if (button.dataset.fast !== undefined) askAgain(turn, { fast: button.dataset.fast === "true" });
  if (button.matches(".pq-edit")) showEditing(turn, true);
  if (button.matches(".pq-cancel")) showEditing(turn, false);
});

document.addEventListener("click", (event) => {
  const skip = event.target.closest(".pq-skip");
  if (skip === null) return;
  event.preventDefault(); // keep the address of the open article
  document.querySelector(skip.dataset.to).focus();
});

// Asks a turn again with another search text, read as another kind or faster, or with a filter turned on or off.
function askAgain(turn, change) {
  shared.again = turn.dataset.key;
  trigger("again", { key: turn.dataset.key, ...change });
  refocus = change;
  element.focus({ preventScroll: true }); // the pressed button is about to be removed
}
let refocus;

function showEditing(turn, on) {
  const form = turn.querySelector(".pq-editing");
  const edit = turn.querySelector(".pq-edit");
  form.hidden = !on;
  edit.hidden = on;
  edit.setAttribute("aria-expanded", String(on));
  turn.querySelector(".pq-searched p").hidden = on;
  const input = form.querySelector("input");
  if (on) input.setSelectionRange(input.value.length, input.value.length);
  (on ? input : edit).focus();
}

element.addEventListener("submit", (event) => {
  event.preventDefault();
  const words = event.target.querySelector("input").value.trim();
  if (words !== "") askAgain(event.target.closest(".pq-turn"), { searched: words });
});

element.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.target.closest(".pq-editing") === null) return;
  showEditing(event.target.closest(".pq-turn"), false);
});

// The browser saves the conversation, so it survives a reload; the server stores none.
shared.savedConversation = store.text;

// Shows the conversation that was chosen in the list, at a turn or else at its end.
shared.showOpened = (key = "") => {
  moves = true;
  wanted = key;
  trigger("opened", { key });
};
let wanted = "";

// Saves a turn: in place of the turn with the key `at`, or else at the end. Drops the oldest turns
// beyond the limits. Keeps other fields of the conversation, which a newer version may have written.
function saveTurn({ turn, at, version = 1, mostTurns, mostBytes }) {
  let conversation = { version: Number(version), turns: [] };
  try {
    if (store.text() !== "") conversation = JSON.parse(store.text());
  } catch {
    // drop what cannot be parsed
  }
  const { turns } = conversation;
  if (Number(version) > (conversation.version ?? 1)) conversation.version = Number(version);
  const made = JSON.parse(turn);
  const place = turns.findIndex((one) => one.asked === at);
  turns.splice(place < 0 ? turns.length : place, place < 0 ? 0 : 1, made);
  const encoder = new TextEncoder();
  const sizeOf = (value) => encoder.encode(JSON.stringify(value)).length + 1;
  const sizes = turns.map(sizeOf);
  let size = sizes.reduce((sum, one) => sum + one, sizeOf({ ...conversation, turns: [] }));
  while (turns.length > Number(mostTurns) || (size > Number(mostBytes) && turns.length > 1)) {
    turns.shift();
    size -= sizes.shift();
  }
  const { title } = conversation;
  if (size > Number(mostBytes)) conversation = { version: conversation.version, title, turns };
  store.save(conversation);
  return new Set(turns.map((one) => one.asked));
}

// Resolves when the first page has arrived, or after a timeout: the server may still answer questions.
const LONGEST_BEGINNING = 10_000;
let begin;
shared.begun = new Promise((resolve) => {
  begin = resolve;
  setTimeout(resolve, LONGEST_BEGINNING);
});

function showPage(page) {
  begin();
  element.replaceChildren(page);
  generation = page.dataset.generation;
  if (page.querySelector("[data-unfinished]") !== null) shared.suggest?.();
  if (page.querySelector("[data-forget]") !== null) store.forget();
  if (page.querySelector("[data-fresh]") === null) return;
  const before = store.text() !== "";
  store.startNew();
  moves = true;
  if (before) shared.say("New conversation started. The previous one is under “Conversations”.");
}
let generation;

// Shows an update of a turn. Turns without a key were refused or interrupted; the next question is taken
// as their correction and replaces them.
function showUpdate(update) {
  const [section, ...others] = update.children;
  section.append(...others);
  const { number, at } = update.dataset;
  let list = element.querySelector(".pq-turns");
  if (list === null) {
    list = Object.assign(document.createElement("div"), { className: "pq-turns" });
    element.replaceChildren(list);
  }
  const turns = [...list.children];
  const place =
    turns.find((turn) => turn.dataset.number === number) ??
    turns.find((turn) => at !== undefined && turn.dataset.key === at);
  for (const turn of turns) {
    delete turn.dataset.current;
    if (turn !== place && turn.dataset.key === undefined) turn.remove();
  }
  section.dataset.number = number;
  if (place === undefined) list.append(section);
  else place.replaceWith(section);
  if (update.dataset.keepsBox === undefined) shared.saveDraft(""); // the question has been asked
  if (update.dataset.turn === undefined) return;
  delete section.dataset.number; // this was the last update
  moves = true;
  const saved = saveTurn(update.dataset);
  for (const turn of list.children) if (!saved.has(turn.dataset.key)) turn.remove();
  // Another generation may have changed or withheld articles that earlier turns quote, and another tab
  // may have asked more.
  const isWhole = list.children.length === saved.size;
  if (update.dataset.generation !== generation || !isWhole) trigger("anew", {});
}

// The server failed in a way that nobody foresaw: the question can be asked again.
shared.giveUp = () => {
  for (const turn of element.querySelectorAll('.pq-turn[aria-busy="true"]')) {
    turn.ariaBusy = "false";
    turn.querySelector(".pq-looking")?.remove();
    const box = document.querySelector("#pq-question textarea");
    if (turn.dataset.key === undefined && box.value === "") shared.typeQuestion(turn.dataset.asked);
  }
};

// Shows what another tab has changed, as soon as nothing is being asked or written here.
let outdated = false;
function showChanges() {
  const writing = element.contains(document.activeElement) && document.activeElement.matches("input, textarea");
  if (!outdated || writing || element.querySelector('[aria-busy="true"]') !== null) return;
  outdated = false;
  trigger("anew", {});
}
window.addEventListener("storage", ({ key }) => {
  if (key !== null && !store.isOurs(key)) return;
  outdated ||= store.hasChanged();
  showChanges();
  shared.listConversations?.();
});
element.addEventListener("focusout", () => setTimeout(showChanges));

const around = element.closest("#pq-ask");

function show() {
  const made = document.createElement("template");
  made.innerHTML = props.value;
  const sent = made.content.firstElementChild;
  if (sent === null) return;
  if (sent.matches(".pq-step")) showUpdate(sent);
  else showPage(sent);
  shared.showCitationSteps?.();
  showChanges();
  const now = element.querySelector(".pq-turn[data-current]");
  const sought = wanted && element.querySelector(`.pq-turn[data-key="${CSS.escape(wanted)}"]`);
  if (sought) wanted = "";
  const there = sought || turnAt(partsOf(location.search));
  const turn = now ?? there ?? element.querySelector(".pq-turn:last-child");
  if (turn === null) return;
  if (turn.dataset.ask !== undefined) {
    const keeps = partsOf(location.search).place !== null;
    const { asked: question, narrowed } = turn.dataset;
    trigger("restore", { question, narrowed, keeps });
  }
  if (now !== null) shared.say(now.dataset.said);
  scrollToTurn(turn);
  if (refocus === undefined || turn.ariaBusy === "true") return;
  if (document.activeElement === element) changed(turn, refocus)?.focus();
  refocus = undefined;
}
// The control of a turn that made the change, or a control beside it if that one is gone.
function changed(turn, { chip: id, kind, fast, as_typed: typed }) {
  if (kind !== undefined || fast !== undefined) return turn.querySelector(".pq-kind summary");
  const chips = [...turn.querySelectorAll(".pq-chip")];
  const control = id === undefined ? undefined : chips.find((chip) => chip.dataset.chip === id);
  const button = typed === undefined ? ".pq-edit" : ".pq-as-typed";
  return control ?? turn.querySelector(button) ?? turn.querySelector(".pq-kind summary");
}

watch("value", show);
show();
