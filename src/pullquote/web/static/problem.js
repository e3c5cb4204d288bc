// Runs in the head of the chat, before stream.js. Says what the server could not do, in place of Gradio's
// own messages. The message stays until it is closed, or until the next event is sent.
(() => {
  const shared = (window.pullquote ??= {});
  const message = () => document.querySelector(".pq-problem");

  // Shows a message; without words, an answer to an event that failed in a way that nobody foresaw.
  shared.showProblem = (words) => {
    const shown = message();
    if (shown === null) return;
    if (!words) shared.giveUp?.();
    shown.querySelector("p").textContent = words || shown.dataset.unforeseen;
    show(true);
  };

  shared.hideProblem = () => message() !== null && show(false);

  // Shows why the server refused a request: a line of text, or Gradio's JSON when its queue is full.
  shared.showRefusal = async (response) => {
    const isText = response.headers.get("content-type")?.startsWith("text/plain");
    const words = isText ? (await response.text()).trim() : "";
    const busy = response.status === 503 ? message()?.dataset.busy : "";
    shared.showProblem(words || busy);
  };

  function show(shows) {
    message().hidden = !shows;
    document.documentElement.toggleAttribute("data-problem", shows);
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest(".pq-problem button") === null) return;
    show(false);
    document.querySelector("#pq-question textarea")?.focus({ preventScroll: true });
  });
})();
