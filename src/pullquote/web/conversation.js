// Runs once, in gr.HTML's js_on_load: `element` stays, its content is patched by the server.
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
  const asked = button.closest(".pq-turn")?.dataset.asked ?? "";
  shared.chosen = button;
  shared.follows = { step }; // article.js moves there
  trigger("cite", { place: { article, start, end, version }, question: asked });
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
function keep() {
  const holder = element.querySelector("[data-conversation]");
  if (holder === null) return;
  shared.kept = holder.dataset.conversation;
  try {
    if (shared.kept === "") localStorage.removeItem("pullquote");
    else localStorage.setItem("pullquote", shared.kept);
  } catch {
    try {
      localStorage.removeItem("pullquote"); // too much: better none than one that is out of date
    } catch {
      // storage is closed to this page
    }
  }
}

// The browser's own date field: Gradio's has a button without a name and a calendar without keys.
const around = element.closest("#pq-ask");
function makeDates() {
  for (const input of around.querySelectorAll(".pq-day input:not([type=date])")) input.type = "date";
}
new MutationObserver(makeDates).observe(around, { childList: true, subtree: true });
makeDates();

watch("value", () => {
  keep();
  shared.showSteps?.();
  const now = element.querySelector(".pq-turn[data-current]");
  const turn = now ?? element.querySelector(".pq-turn:last-child");
  if (turn === null) return;
  if (turn.dataset.ask !== undefined) {
    const keeps = new URLSearchParams(location.search).has("article");
    trigger("restore", { question: turn.dataset.asked, keeps });
  }
  if (now !== null) shared.say(now.dataset.said);
  turn.scrollIntoView({ block: "nearest" });
  element.scrollTop = turn.offsetTop - element.offsetTop;
  if (refocus === undefined || turn.ariaBusy === "true") return;
  const chips = [...turn.querySelectorAll(".pq-chip")];
  const pressed = chips.find((chip) => chip.dataset.chip === refocus.chip);
  if (document.activeElement === element) (pressed ?? turn.querySelector(".pq-edit"))?.focus();
  refocus = undefined;
});
