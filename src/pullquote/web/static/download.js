// Runs once, in gr.HTML's js_on_load. Saves a text that the server put into the page as a file, so
// the server serves no files.
watch("value", () => {
  const file = element.querySelector("[data-text]");
  if (file === null) return;
  const { name, type, text } = file.dataset;
  const address = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  Object.assign(document.createElement("a"), { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
  file.removeAttribute("data-text");
  window.pullquote?.say?.(`Saved as ${name}.`);
});
