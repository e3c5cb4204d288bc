// Joined to conversation.js. While the page shows that nothing can be asked yet, asks the server how it is
// doing, and loads the page again as soon as questions can be asked.
const EVERY = 3_000;

setInterval(async () => {
  const unready = element.querySelector("[data-unready]");
  if (unready === null) return;
  try {
    const response = await fetch("healthz", { cache: "no-store" });
    if (response.ok) location.reload();
    else unready.querySelector("[data-building]").hidden = !(await response.json()).rebuilding;
  } catch {
    // connection.js says when the server does not answer
  }
}, EVERY);
