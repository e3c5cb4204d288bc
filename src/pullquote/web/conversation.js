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
});

document.addEventListener("click", (event) => {
  const skip = event.target.closest(".pq-skip");
  if (skip === null) return;
  event.preventDefault(); // the address is that of what is open
  document.querySelector(skip.dataset.to).focus();
});

// The browser's own date field: Gradio's has a button without a name and a calendar without keys.
const around = element.closest("#pq-ask");
function makeDates() {
  for (const input of around.querySelectorAll(".pq-day input:not([type=date])")) input.type = "date";
}
new MutationObserver(makeDates).observe(around, { childList: true, subtree: true });
makeDates();

watch("value", () => {
  shared.showSteps?.();
  const last = element.querySelector(".pq-turn:last-child");
  if (last === null) return;
  if (last.dataset.ask !== undefined) {
    const keeps = new URLSearchParams(location.search).has("article");
    trigger("restore", { question: last.dataset.asked, keeps });
  }
  shared.say(last.dataset.said);
  last.scrollIntoView({ block: "nearest" });
  element.scrollTop = last.offsetTop - element.offsetTop;
});
