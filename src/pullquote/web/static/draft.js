// Joined to conversation.js. Saves a typed question that has not been asked yet, because the page is
// loaded again when the server is back. A question that was sent but not answered is asked again then.
const DRAFT = "pullquote-draft";
const SENT = "pullquote-draft-sent";

function stored(key, value) {
  try {
    if (value === undefined) return sessionStorage.getItem(key) ?? "";
    sessionStorage.setItem(key, value);
  } catch {
    // the browser allows no storage
  }
  return "";
}

shared.saveDraft = (words) => {
  stored(DRAFT, words);
  stored(SENT, "");
};

// Called when an answer was cut off: its question is asked again, unless another has been typed.
shared.keepQuestion = () => {
  const turn = element.querySelector('.pq-turn[aria-busy="true"]:not([data-key])');
  if (turn === null || stored(DRAFT) !== "") return;
  stored(DRAFT, turn.dataset.asked);
  stored(SENT, "true");
};

const box = () => around.querySelector("#pq-question textarea");

function restoreDraft() {
  if (box() === null) return;
  awaiting.disconnect();
  const desktop = matchMedia("(hover: hover) and (pointer: fine)").matches;
  const reads = partsOf(location.search).place !== null;
  if (desktop && !reads && document.activeElement === document.body) box().focus({ preventScroll: true });
  const draft = stored(DRAFT);
  const sent = stored(SENT) !== "";
  stored(SENT, ""); // asked again only once, so that no question can fail for ever
  if (draft === "" || box().value !== "") return;
  box().value = draft;
  box().dispatchEvent(new Event("input", { bubbles: true }));
  if (sent) shared.begun.then(() => around.querySelector("#pq-send").click());
}

around.addEventListener("input", (event) => {
  if (event.target === box()) shared.saveDraft(event.target.value);
});
around.addEventListener("keydown", (event) => {
  if (event.target === box() && event.key === "Enter" && !event.shiftKey) markSent();
}, true);
around.addEventListener("click", (event) => {
  if (event.target.closest("#pq-send") !== null) markSent();
}, true);
function markSent() {
  if (stored(DRAFT) !== "") stored(SENT, "true");
}

const awaiting = new MutationObserver(restoreDraft);
awaiting.observe(around, { childList: true, subtree: true });
restoreDraft();
