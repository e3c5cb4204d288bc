// Runs once, in gr.HTML's js_on_load of the header. Keys for the question box, and the dialog that lists
// them. Single keys can be switched off there, and none is taken from a field (WCAG 2.1.4).
const shared = (window.pullquote ??= {});
const SWITCH = "pullquote-keys";
const dialog = element.querySelector("dialog");
const enabled = dialog.querySelector("input");
const box = () => document.querySelector("#pq-question textarea");

// Puts words into the question box, as if they had been typed, and the cursor after them.
shared.typeQuestion = (words) => {
  const field = box();
  field.value = words;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
  field.setSelectionRange(words.length, words.length);
};

try {
  enabled.checked = localStorage.getItem(SWITCH) !== "off";
} catch {
  // the browser allows no storage
}
enabled.addEventListener("change", () => {
  try {
    localStorage.setItem(SWITCH, enabled.checked ? "on" : "off");
  } catch {
    // the browser allows no storage
  }
});

// The browser returns the focus when the dialog closes.
element.querySelector(".pq-keys").addEventListener("click", () => dialog.showModal());
dialog.addEventListener("click", (event) => {
  if (event.target === dialog || event.target.closest(".pq-close") !== null) dialog.close();
});

// The questions of the saved conversation, latest first, each once.
function asked() {
  try {
    const { turns } = JSON.parse(shared.savedConversation());
    return [...new Set(turns.map((turn) => turn.question).reverse())];
  } catch {
    return []; // nothing has been asked
  }
}

let recalled = -1; // the index of the question that was recalled last
function recall(event) {
  const questions = asked();
  const { value } = event.target;
  if (value !== "" && value !== questions[recalled]) return; // the arrows move the cursor
  const next = (value === "" ? -1 : recalled) + (event.key === "ArrowUp" ? 1 : -1);
  if (next < -1 || next >= questions.length) return;
  event.preventDefault();
  recalled = next;
  shared.typeQuestion(questions[next] ?? "");
}

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (target === box() && ["ArrowUp", "ArrowDown"].includes(key) && !event.shiftKey) recall(event);
  const field = target.closest("input, textarea, select, [contenteditable], dialog");
  if (!["/", "?"].includes(key) || field !== null || !enabled.checked) return;
  event.preventDefault();
  if (key === "/") box().focus();
  else dialog.showModal();
});
