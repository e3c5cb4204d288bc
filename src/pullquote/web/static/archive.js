// Runs before article.js in the same function. Fills the article pane with the newest articles and what
// the archive contains while no article is open.
const ARCHIVE_RETRY = 2_000;
let archive = ""; // what was shown last, so that it is there at once the next time

async function showArchive() {
  const place = element.querySelector(".pq-archive");
  if (place === null) return;
  place.innerHTML = archive;
  try {
    const response = await fetch("corpus/archive");
    if (response.status === 202) setTimeout(showArchive, ARCHIVE_RETRY); // it is being prepared
    if (response.status !== 200) return;
    const now = await response.text();
    if (now !== archive && place.isConnected) place.innerHTML = now;
    archive = now;
  } catch {
    // the server cannot be reached, which the page reports elsewhere
  }
}
