// Runs in the head of every page, before anything is shown. Chooses light or dark: as the page's address
// says (Gradio's `__theme`), else as this browser has saved, else as the system does. Gradio sets the
// class `dark` on the body only by address and system, so this script corrects it.
(() => {
  const KEY = "pullquote-colours";
  const CHOICES = ["system", "light", "dark"];
  const AFTER_SYSTEM = { true: ["light", "dark"], false: ["dark", "light"] }; // by whether it is dark
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  let inMemory = null; // used if the browser allows no storage

  function saved() {
    try {
      return localStorage.getItem(KEY) ?? inMemory;
    } catch {
      return inMemory;
    }
  }

  function choice() {
    const named = new URLSearchParams(location.search).get("__theme") ?? saved();
    return CHOICES.includes(named) ? named : "system";
  }

  function show() {
    const now = choice();
    const dark = now === "dark" || (now === "system" && system.matches);
    root.dataset.colours = now;
    for (const one of [root, document.body]) {
      if (one !== null && one.classList.contains("dark") !== dark) one.classList.toggle("dark", dark);
    }
  }

  function choose(next) {
    inMemory = next;
    try {
      localStorage.setItem(KEY, next);
    } catch {
      // the browser allows no storage
    }
    const address = new URL(location.href);
    address.searchParams.delete("__theme"); // it would overrule the choice
    if (address.href !== location.href) history.replaceState(history.state, "", address);
    show();
  }

  show();
  system.addEventListener("change", show);
  addEventListener("storage", (event) => event.key === KEY && show());
  new MutationObserver((_, waiting) => {
    if (document.body === null) return;
    waiting.disconnect();
    show();
    new MutationObserver(show).observe(document.body, { attributeFilter: ["class"] });
  }).observe(root, { childList: true });

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.(".pq-colours");
    if (!button) return;
    // The first press changes what is seen.
    const order = ["system", ...AFTER_SYSTEM[system.matches]];
    choose(order[(order.indexOf(choice()) + 1) % order.length]);
    const status = document.querySelector("#pq-status");
    if (status !== null) status.textContent = button.innerText;
  });
})();
