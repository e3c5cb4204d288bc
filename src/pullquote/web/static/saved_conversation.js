// Puts the conversation that this browser keeps in place of the first input of an event: all of it,
// the last turns, or the turn that is asked again and those before it. What is asked waits for the
// page, which would otherwise take the place of the answer when it comes.
async (...given) => {
  if (SENT !== "all") await window.pullquote?.begun;
  const kept = window.pullquote?.kept?.() ?? "";
  return [recent(kept, SENT), ...given.slice(1, INPUTS)];

  function recent(kept, sent) {
    if (sent === "all" || kept === "") return kept;
    try {
      const conversation = JSON.parse(kept);
      const { turns } = conversation;
      const at = turns.findIndex((turn) => turn.asked === window.pullquote.again);
      const end = sent === "asked" && at >= 0 ? at + 1 : turns.length;
      return JSON.stringify({ ...conversation, turns: turns.slice(Math.max(0, end - MOST), end) });
    } catch {
      return kept; // the server says what is wrong with it
    }
  }
}
