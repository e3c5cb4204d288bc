// Joined to conversation.js. While the page shows that nothing can be asked yet, asks the server how far it
// is, and loads the page again as soon as questions can be asked.
const EVERY = 3_000;

setInterval(async () => {
  const now = element.querySelector("[data-unready] [data-state]");
  if (now === null) return;
  try {
    const response = await fetch("unready", { cache: "no-store" });
    if (response.status === 204) location.reload();
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
