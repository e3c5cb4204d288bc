// Puts the conversation that this browser keeps in place of the first input of an event.
(...given) => {
  let kept = window.pullquote?.kept ?? ""; // where nothing can be kept, the page remembers
  try {
    kept = localStorage.getItem("pullquote") ?? kept;
  } catch {
    // storage is closed to this page
  }
  return [kept, ...given.slice(1, INPUTS)];
}
