// Runs in the head of the chat, before stream.js. While the server does not answer, shows a message and
// tries again; stream.js then sends what it could not send. If the server was restarted meanwhile, or an
// answer was cut off, the page is loaded again and draft.js asks the question again.
(() => {
  const shared = (window.pullquote ??= {});
  const EVERY = 2_000;
  const LONGEST_TRY = 10_000;
  let waiting; // resolves when the server answers
  let cut = false;

  const message = () => document.querySelector(".pq-connection");

  function show(waits) {
    document.documentElement.toggleAttribute("data-waits", waits);
    if (message() === null) return;
    message().hidden = !waits;
    const offline = !navigator.onLine;
    message().querySelector("[data-offline]").hidden = !offline;
    message().querySelector("[data-away]").hidden = offline;
  }

  // The number that the server chose when it started; undefined if it does not answer.
  async function started() {
    try {
      const signal = AbortSignal.timeout(LONGEST_TRY);
      const response = await fetch("gradio_api/app_id", { cache: "no-store", signal });
      return response.ok ? (await response.json()).app_id : undefined;
    } catch {
      return undefined;
    }
  }

  async function wait() {
    for (;;) {
      show(true);
      await new Promise((later) => {
        setTimeout(later, EVERY);
        addEventListener("online", later, { once: true });
      });
      const now = await started();
      if (now === undefined) continue;
      if (cut || now !== window.gradio_config.app_id) {
        location.reload();
        return new Promise(() => {}); // this page is about to go
      }
      show(false);
      shared.say?.(message()?.dataset.back ?? "");
      waiting = undefined;
      return undefined;
    }
  }

  shared.connected = () => (waiting ??= wait());

  // An answer was cut off: Gradio asks nothing more on this page.
  shared.cutOff = () => {
    if (leaving) return;
    cut = true;
    shared.keepQuestion?.();
    shared.connected();
  };

  addEventListener("offline", shared.connected);

  // A page that is left loses its streams too.
  let leaving = false;
  addEventListener("beforeunload", () => (leaving = true));
  addEventListener("pageshow", () => (leaving = false));
})();
