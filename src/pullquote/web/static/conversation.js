// Runs once, in gr.HTML's js_on_load: `element` stays, its content is put there below. The server
// sends a page, or one step of one turn, so that a long conversation costs no more than a short one.
const shared = (window.pullquote ??= {});
element.setAttribute("role", "region");
element.setAttribute("aria-label", "Conversation");
element.tabIndex = 0;

// What is spoken is said in #pq-status: passages that an answer is about to replace would be noise.
shared.say = (words) => {
  const status = document.querySelector("#pq-status");
  if (status !== null && status.textContent !== words) status.textContent = words;
};

// Opens a citation; `step` is that of the button in the article pane which asked for it.
shared.openCitation = (button, step) => {
  const { article, start, end, version } = button.dataset;
  const turn = button.closest(".pq-turn");
  const { asked: question, narrowed } = turn?.dataset ?? {};
  shared.chosen = button;
  shared.follows = { step }; // article.js moves there
  trigger("cite", { place: { article, start, end, version }, question, narrowed });
};

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button === null) return;
  const { question, article } = button.dataset;
  if (question !== undefined) {
    trigger("example", { question });
    element.focus({ preventScroll: true }); // the button is about to go
  }
  if (article !== undefined) shared.openCitation(button);
  const turn = button.closest(".pq-turn");
  if (button.dataset.chip !== undefined) askAgain(turn, { chip: button.dataset.chip });
  if (button.matches(".pq-edit")) showEditing(turn, true);
  if (button.matches(".pq-cancel")) showEditing(turn, false);
});

document.addEventListener("click", (event) => {
  const skip = event.target.closest(".pq-skip");
  if (skip === null) return;
  event.preventDefault(); // the address is that of what is open
  document.querySelector(skip.dataset.to).focus();
});

// Asks a turn again, with another search or with a filter turned on or off.
function askAgain(turn, change) {
  shared.again = turn.dataset.key;
  trigger("again", { key: turn.dataset.key, ...change });
  refocus = change;
  element.focus({ preventScroll: true }); // what was pressed is about to go
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

// The browser keeps the conversation, so that it is there again after a reload; the server has none.
let remembered = ""; // where nothing can be kept, the page remembers
shared.kept = () => {
  try {
    return localStorage.getItem("pullquote") ?? remembered;
  } catch {
    return remembered; // storage is closed to this page
  }
};

function keep(conversation) {
  remembered = conversation;
  try {
    if (conversation === "") localStorage.removeItem("pullquote");
    else localStorage.setItem("pullquote", conversation);
  } catch {
    try {
      localStorage.removeItem("pullquote"); // too much: better none than one that is out of date
    } catch {
      // storage is closed to this page
    }
  }
}

// Keeps a turn, in the place of the one with the key or behind all others; the oldest may go.
// Other fields of the conversation stay: a newer version may have written them.
function keepTurn({ turn, at, version = 1, mostTurns, mostBytes }) {
  let conversation = { version: Number(version), turns: [] };
  try {
    if (shared.kept() !== "") conversation = JSON.parse(shared.kept());
  } catch {
    // what cannot be read is dropped
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
  if (size > Number(mostBytes)) conversation = { version: conversation.version, turns };
  keep(JSON.stringify(conversation));
  return new Set(turns.map((one) => one.asked));
}

// Settled when the page is there; a server that does not give it may still answer.
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
  if (page.querySelector("[data-forget]") !== null) keep("");
}
let generation;

// Puts a step in its place. Turns without a key were refused or broken off: the next question, which
// is that one put right, takes their place.
function showStep(step) {
  const [section, ...others] = step.children;
  section.append(...others);
  const { number, at } = step.dataset;
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
  if (at === undefined) keepDraft(""); // it has been asked
  if (step.dataset.turn === undefined) return;
  delete section.dataset.number; // it is done
  const kept = keepTurn(step.dataset);
  for (const turn of list.children) if (!kept.has(turn.dataset.key)) turn.remove();
  // Another generation may have changed or withheld what was quoted before.
  if (step.dataset.generation !== generation) trigger("anew", {});
}

// The browser's own date field: Gradio's has a button without a name and a calendar without keys.
const around = element.closest("#pq-ask");
function makeDates() {
  for (const input of around.querySelectorAll(".pq-day input:not([type=date])")) input.type = "date";
}
new MutationObserver(makeDates).observe(around, { childList: true, subtree: true });
makeDates();

// What was typed and not asked yet outlives a reload: Gradio loads the page again when a server that
// was gone has come back.
const DRAFT = "pullquote-draft";
function keepDraft(words) {
  try {
    sessionStorage.setItem(DRAFT, words);
  } catch {
    // storage is closed to this page
  }
}
function restoreDraft() {
  const box = around.querySelector("#pq-question textarea");
  if (box === null) return;
  awaiting.disconnect();
  let draft = "";
  try {
    draft = sessionStorage.getItem(DRAFT) ?? "";
  } catch {
    // storage is closed to this page
  }
  if (draft === "" || box.value !== "") return;
  box.value = draft;
  box.dispatchEvent(new Event("input", { bubbles: true }));
}
around.addEventListener("input", (event) => {
  if (event.target.matches("#pq-question textarea")) keepDraft(event.target.value);
});
const awaiting = new MutationObserver(restoreDraft);
awaiting.observe(around, { childList: true, subtree: true });
restoreDraft();

function show() {
  const made = document.createElement("template");
  made.innerHTML = props.value;
  const sent = made.content.firstElementChild;
  if (sent === null) return;
  if (sent.matches(".pq-step")) showStep(sent);
  else showPage(sent);
  shared.showSteps?.();
  const now = element.querySelector(".pq-turn[data-current]");
  const turn = now ?? element.querySelector(".pq-turn:last-child");
  if (turn === null) return;
  if (turn.dataset.ask !== undefined) {
    const keeps = new URLSearchParams(location.search).has("article");
    const { asked: question, narrowed } = turn.dataset;
    trigger("restore", { question, narrowed, keeps });
  }
  if (now !== null) shared.say(now.dataset.said);
  turn.scrollIntoView({ block: "nearest" });
  element.scrollTop = turn.offsetTop - element.offsetTop;
  if (refocus === undefined || turn.ariaBusy === "true") return;
  const chips = [...turn.querySelectorAll(".pq-chip")];
  const pressed = chips.find((chip) => chip.dataset.chip === refocus.chip);
  if (document.activeElement === element) (pressed ?? turn.querySelector(".pq-edit"))?.focus();
  refocus = undefined;
}
watch("value", show);
show();
