// Joined to conversation.js. While the page shows that nothing can be asked yet, asks the server how far it
// is, and loads the page again as soon as questions can be asked. A question that waits is asked then.
const EVERY = 3_000;

setInterval(async () => {
  const now = element.querySelector("[data-unready] [data-state]");
  if (now === null) return;
  try {
    const response = await fetch("unready", { cache: "no-store" });
    if (response.status === 204) loadAgain(now.closest(".pq-turn"));
    if (response.status !== 200) return;
    const parsed = new DOMParser().parseFromString(await response.text(), "text/html");
    const next = parsed.querySelector("[data-state]");
    if (next.outerHTML === now.outerHTML) return;
    now.replaceWith(next);
    if (next.dataset.said !== "") shared.say(next.dataset.said);
  } catch {
    // connection.js says when the server does not answer
  }
}, EVERY);

// A page asks the question in its address once it has loaded.
function loadAgain(waiting) {
  if (waiting === null || waiting === turnAt(partsOf(location.search))) {
    location.reload();
    return;
  }
  const query = new URLSearchParams(waiting.dataset.narrowed);
  query.set("question", waiting.dataset.asked);
  location.replace(`?${query}`);
}
