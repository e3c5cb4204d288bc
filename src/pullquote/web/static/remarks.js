// Runs after conversation.js in the same function. Saves a person's rating of a reply and note on it.
const NOTE_PAUSE = 400; // milliseconds without a key press, after which a note is saved

element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-rating]");
  if (button === null) return;
  const rating = button.ariaPressed === "true" ? null : button.dataset.rating;
  if (!changeTurn(button, { rating })) return;
  for (const one of button.parentElement.querySelectorAll("[data-rating]")) {
    one.ariaPressed = String(one.dataset.rating === rating);
  }
  shared.say(rating === null ? "Rating removed." : `Rated as ${rating}.`);
});

// Saves fields of the turn around an element.
function changeTurn(inside, fields) {
  const saved = store.changeTurn(inside.closest(".pq-turn").dataset.key, fields);
  if (!saved) shared.say("This question is no longer in the conversation, so this was not saved.");
  return saved;
}

const pauses = new WeakMap();
element.addEventListener("input", ({ target }) => {
  if (!target.matches(".pq-remarks textarea")) return;
  clearTimeout(pauses.get(target));
  pauses.set(target, setTimeout(saveNote, NOTE_PAUSE, target));
});
element.addEventListener("change", ({ target }) => {
  if (!target.matches(".pq-remarks textarea")) return;
  if (saveNote(target)) shared.say(target.value === "" ? "Note removed." : "Note saved.");
});
window.addEventListener("pagehide", () => {
  const { activeElement: focused } = document;
  if (focused?.matches(".pq-remarks textarea") && pauses.has(focused)) saveNote(focused);
});

function saveNote(field) {
  clearTimeout(pauses.get(field));
  pauses.delete(field);
  return changeTurn(field, { note: field.value.replace(/\p{Cs}/gu, "\ufffd") }); // no half characters
}
