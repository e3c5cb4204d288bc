// Replaces the first input of an event with the saved conversation: all turns, the most recent ones, or
// a turn that is asked again with the turns before it. Replaces the last input with the chosen filters,
// if the event sends them. Waits for the page to load first, because the page would otherwise replace
// the answer.
async (...inputs) => {
  if (SENT !== "all") await window.pullquote?.begun;
  const saved = window.pullquote?.savedConversation?.() ?? "";
  const sent = [withTurnsToSend(saved, SENT), ...inputs.slice(1, INPUTS)];
  return NARROWED ? sent.with(-1, window.pullquote?.chosenFilters?.() ?? "") : sent;

  function withTurnsToSend(saved, sent) {
    if (sent === "all" || saved === "") return saved;
    try {
      const conversation = JSON.parse(saved);
      const { turns } = conversation;
      const at = turns.findIndex((turn) => turn.asked === window.pullquote.again);
      const end = sent === "asked" && at >= 0 ? at + 1 : turns.length;
      return JSON.stringify({ ...conversation, turns: turns.slice(Math.max(0, end - MOST), end) });
    } catch {
      return saved; // the server reports what is wrong with it
    }
  }
}
