"""A conversation in a real browser: follow-ups, filters, reloads, and saving it as a file."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Download, Page, expect

from browsing import Chat, Visit, ask, reload, text_of
from pullquote import Conversation

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("conversation")]

WHO = "who built the harbour at Quayside?"
SINCE = "who built the harbour at Quayside since March 2024?"
SAVED = "localStorage.getItem('pullquote')"


def turn(page: Page, at: int = -1) -> str:
    """The visible text of a turn."""
    return page.locator(".pq-turn").nth(at).inner_text()


def wait_answered(page: Page) -> None:
    """Wait until every question has been answered again."""
    expect(page.locator('.pq-turn[aria-busy="true"]')).to_have_count(0)


def save(page: Page, button: str, into: Path) -> tuple[Download, str]:
    """The file that a button saves, as its name and content."""
    with page.expect_download() as saving:
        page.get_by_role("button", name=button).click()
    saving.value.save_as(into)
    return saving.value, into.read_text(encoding="utf-8")


def test_a_follow_up_says_what_it_searched_for(page: Page) -> None:
    """The filled words are marked in the search text."""
    ask(page, WHO)
    ask(page, "when?")
    searched = page.locator(".pq-searched")
    expect(searched).to_have_count(1)
    expect(searched).to_contain_text("Searched for: when (built the harbour at Quayside, Ida Roe)")
    expect(searched.locator("ins")).to_have_text(["built the harbour at Quayside", "Ida Roe"])


SLOW_TO_BEGIN = """
const post = window.fetch;
let first = true;
window.fetch = async (...given) => {
  const waits = first && String(given[0].url ?? given[0]).includes("/queue/join");
  if (waits) first = false;
  if (waits) await new Promise((resolve) => setTimeout(resolve, 2000));
  return post(...given);
};
"""
"""Delays the first request of the page by two seconds."""


def test_a_question_asked_before_the_page_is_filled_is_answered(page: Page, chat: Chat) -> None:
    """On a slow machine the saved conversation arrives later and does not replace the answer."""
    early = page.context.new_page()
    early.add_init_script(SLOW_TO_BEGIN)
    early.goto(chat.url)
    ask(early, WHO)
    ask(early, "when?")
    expect(early.locator(".pq-turn")).to_have_count(2)
    expect(early.locator("#pq-article mark").first).to_be_visible()


LATE_TO_END = """
const late = async (post, given) => {
  const response = await post(...given);
  if (!String(given[0].url ?? given[0]).includes("/queue/data")) return response;
  const slow = new TransformStream({
    async transform(text, out) {
      const at = text.indexOf('data: {"msg":"close_stream"');
      if (at > 0) out.enqueue(text.slice(0, at));
      if (at >= 0) await new Promise((resolve) => setTimeout(resolve, 1000));
      if (at >= 0) window.ends = (window.ends ?? 0) + 1;
      out.enqueue(at > 0 ? text.slice(at) : text);
    },
  });
  const text = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(slow);
  return new Response(text.pipeThrough(new TextEncoderStream()), { headers: response.headers });
};
"""
"""Delays the end of every stream of answers by a second."""

ON_ITS_WAY = """
const post = window.fetch;
window.fetch = (...given) => late(post, given);
"""
BEFORE_GRADIO = """
const post = window.fetch;
let ours;
const outer = (...given) => late(ours, given);
const get = () => (ours === undefined ? post : outer);
Object.defineProperty(window, "fetch", { get, set: (found) => (ours = found) });
"""


@pytest.mark.parametrize("where", [ON_ITS_WAY, BEFORE_GRADIO], ids=["on its way", "in the page"])
def test_what_is_asked_while_the_stream_of_answers_ends_is_answered(
    page: Page, chat: Chat, where: str
) -> None:
    """The page opens another stream if the server has closed the one before."""
    late = page.context.new_page()
    late.add_init_script(f"{{{LATE_TO_END}{where}}}")
    late.goto(chat.url)
    for asked in (WHO, "when?", "who opened it?"):
        ask(late, asked)
    expect(late.locator(".pq-turn")).to_have_count(3)
    late.wait_for_function("window.ends >= 3")
    ask(late, WHO)
    expect(late.locator(".pq-turn")).to_have_count(4)


def test_a_page_loaded_again_while_the_stream_of_answers_ends_is_filled(
    page: Page, chat: Chat
) -> None:
    """The conversation is still there, and goes on."""
    late = page.context.new_page()
    late.add_init_script(f"{{{LATE_TO_END}{BEFORE_GRADIO}}}")
    late.goto(chat.url)
    ask(late, WHO)
    reload(late)
    ask(late, "when?")
    expect(late.locator(".pq-turn")).to_have_count(2)


def test_a_search_is_put_right_by_keyboard(page: Page) -> None:
    """Enter asks an edited search in place; Escape cancels and returns the focus."""
    ask(page, WHO)
    ask(page, "when?")
    page.locator(".pq-edit").focus()
    page.keyboard.press("Enter")
    field = page.get_by_label("Search for", exact=True)
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".pq-edit")).to_be_focused()
    page.keyboard.press("Enter")
    field.fill("when was the harbour at Quayside opened?")
    page.keyboard.press("Enter")
    expect(page.locator(".pq-searched")).to_contain_text("when was the harbour at Quayside opened?")
    wait_answered(page)
    expect(page.locator(".pq-turn")).to_have_count(2)
    assert "when?" in turn(page)
    expect(page.locator(".pq-edit")).to_be_focused()


def test_a_filter_is_taken_off(page: Page) -> None:
    """The chip is shown as off and keeps the focus, and other articles answer."""
    ask(page, SINCE)
    chip = page.locator(".pq-chip")
    expect(chip).to_have_attribute("aria-pressed", "true")
    assert "Who built Quayside" not in turn(page)  # its article is from 2023
    chip.focus()
    page.keyboard.press("Enter")
    expect(chip).to_have_attribute("aria-pressed", "false")
    wait_answered(page)
    expect(page.locator(".pq-title", has_text="Who built Quayside").first).to_be_attached()
    expect(chip).to_be_focused()
    expect(page.locator(".pq-turn")).to_have_count(1)


def test_what_is_chosen_beside_a_question_narrows_it(page: Page) -> None:
    """Only the chosen source answers, and it is a chip under the question."""
    page.get_by_role("button", name="Filters").click()
    page.get_by_role("combobox", name="Source", exact=True).click()
    page.get_by_role("option", name="Vennick Courier").click()
    page.get_by_label("Include reader comments").check()
    ask(page, WHO)
    chips = page.locator(".pq-chip")
    expect(chips).to_have_text([re.compile("Vennick Courier"), re.compile("reader comments")])
    cited = page.locator(".pq-cite .pq-title").all_text_contents()
    assert set(cited) == {"Who built Quayside"}


def test_a_conversation_is_there_again_after_a_reload(page: Page) -> None:
    """A reload shows the answers without asking again, and follow-ups still work."""
    ask(page, WHO)
    ask(page, "when?")
    before = page.locator(".pq-turn").all_inner_texts()
    saved = page.evaluate(SAVED)
    reload(page)
    assert page.locator(".pq-turn").all_inner_texts() == before
    assert page.evaluate(SAVED) == saved
    ask(page, "why?")
    expect(page.locator(".pq-searched").last).to_contain_text("why (built the harbour")


def test_a_new_conversation_is_empty_and_stays_so(page: Page, chat: Chat) -> None:
    """The browser deletes the conversation before it."""
    ask(page, WHO)
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".pq-turn")).to_have_count(0)
    page.wait_for_url(f"{chat.url}/")
    assert page.evaluate(SAVED) is None
    reload(page)
    expect(page.locator(".pq-lede")).to_be_visible()


def test_an_unreadable_conversation_is_dropped(page: Page) -> None:
    """A message says so, and nothing of the conversation is shown."""
    planted = '{"version":1,"turns":[{"question":"<img src=x>"}]}'
    page.evaluate("text => localStorage.setItem('pullquote', text)", planted)
    reload(page)
    expect(page.locator(".pq-notice")).to_contain_text(
        "so it was removed. Ask your question again."
    )
    assert page.evaluate(SAVED) is None


def test_a_conversation_is_saved_with_exact_quotes(page: Page, chat: Chat, tmp_path: Path) -> None:
    """The saved JSON can be parsed and has exact quotes; the Markdown file has them too."""
    ask(page, WHO)
    file, text = save(page, "Save as JSON", tmp_path / "saved.json")
    assert re.fullmatch(r"pullquote-\d{4}-\d\d-\d\d\.json", file.suggested_filename)
    conversation = Conversation.from_json(text)
    reply = conversation.turns[0].reply
    assert reply is not None
    cited = [citation for answer in reply.answers for citation in answer.citations]
    assert "Ida Roe" in {citation.quote for citation in cited}
    for citation in cited:
        stored = text_of(chat, citation.article)
        assert stored[citation.start : citation.end] == citation.quote
    file, text = save(page, "Save as Markdown", tmp_path / "saved.md")
    assert file.suggested_filename.endswith(".md")
    assert f"## 1. {WHO}" in text
    assert "1. > Ida Roe\n" in text
    expect(page.locator("#pq-status")).to_have_text(f"Saved as {file.suggested_filename}.")


def test_it_works_without_storage(visit: Visit) -> None:
    """The page stores the conversation in memory while it is open."""
    page = visit()
    page.evaluate("void (Storage.prototype.setItem = () => { throw new Error('full') })")
    ask(page, WHO)
    ask(page, "when?")
    expect(page.locator(".pq-searched")).to_contain_text("Ida Roe")
    assert page.evaluate(SAVED) is None


def test_a_narrowed_follow_up_fits_a_phone(phone: Page) -> None:
    """Nothing is wider than the window, not even the form that edits a search."""
    ask(phone, SINCE)
    ask(phone, "when?")
    phone.locator(".pq-edit").last.click()
    assert phone.evaluate("document.scrollingElement.scrollWidth") == 360
    saved = json.loads(phone.evaluate(SAVED))
    assert [one["question"] for one in saved["turns"]] == [SINCE, "when?"]


def test_a_long_conversation_stays_as_it_is(page: Page) -> None:
    """A question changes no other turn; only the oldest turn is dropped."""
    ask(page, WHO)
    page.evaluate(
        """() => {
          const saved = JSON.parse(localStorage.getItem("pullquote"));
          const [turn] = saved.turns;
          saved.turns = [...Array(50).keys()].map((at) => ({
            ...turn,
            question: `who ${at}?`,
            asked: `2024-01-01T00:00:${String(at).padStart(2, 0)}Z`,
          }));
          localStorage.setItem("pullquote", JSON.stringify(saved));
        }"""
    )
    reload(page)
    turns = page.locator(".pq-turn")
    # The saved conversation lacks the question in the address.
    expect(turns.last.locator(".pq-question")).to_contain_text(WHO)
    wait_answered(page)
    expect(turns).to_have_count(50)
    turns.last.evaluate("turn => (turn.untouched = true)")
    page.get_by_label("Your question").fill("when?")
    page.keyboard.press("Enter")
    expect(turns.last).to_contain_text("when (built the harbour")
    wait_answered(page)
    expect(turns).to_have_count(50)
    assert turns.nth(48).evaluate("turn => turn.untouched") is True
    saved = [turn["question"] for turn in json.loads(page.evaluate(SAVED))["turns"]]
    assert saved == [*(f"who {at}?" for at in range(2, 50)), WHO, "when?"]
    shown = turns.first.locator(".pq-question")
    expect(shown).to_contain_text("who 2?")


def test_fields_of_a_newer_version_stay_in_the_browser(page: Page) -> None:
    """Unknown fields of the conversation and its turns survive questions and a reload."""
    ask(page, WHO)
    page.evaluate(
        """() => {
          const saved = JSON.parse(localStorage.getItem("pullquote"));
          const [turn] = saved.turns;
          const other = { ...turn, asked: "2024-01-01T00:00:00Z", searched: { newer: [1] } };
          turn.more = { deep: [null, "é"] };
          turn.reply.answers[0].citations[0].more = 2;
          localStorage.setItem(
            "pullquote",
            JSON.stringify({ more: 1, ...saved, version: 2, turns: [other, turn] }),
          );
        }"""
    )
    planted = json.loads(page.evaluate(SAVED))
    reload(page)
    assert json.loads(page.evaluate(SAVED)) == planted
    turns = page.locator(".pq-turn")
    expect(turns).to_have_count(2)
    expect(turns.first).to_contain_text("asked with a newer version of pullquote")
    ask(page, "when?")
    expect(turns).to_have_count(3)
    saved = json.loads(page.evaluate(SAVED))
    assert saved["turns"].pop()["question"] == "when?"
    assert saved == planted


def test_a_link_carries_the_filters(page: Page) -> None:
    """In another window the same chips are on, and the same articles answer."""
    page.get_by_role("button", name="Filters").click()
    page.get_by_role("combobox", name="Source", exact=True).click()
    page.get_by_role("option", name="Vennick Courier").click()
    page.keyboard.press("Escape")
    ask(page, SINCE)
    expect(page.locator(".pq-turn")).to_contain_text("No answer found")
    expect(page.locator(".pq-turn")).to_contain_text(
        "leave nothing to answer from: since 2024-03-01"
    )
    page.locator(".pq-chip", has_text="March 2024").click()
    expect(page.locator(".pq-lead")).to_be_visible()
    wait_answered(page)
    chips = page.locator(".pq-chip")
    states = [chip.get_attribute("aria-pressed") for chip in chips.all()]
    assert sorted(map(str, states)) == ["false", "true"]
    page.get_by_role("button", name="Copy link").click()
    expect(page.locator("#pq-status")).to_have_text("Link copied.")
    link = page.evaluate("navigator.clipboard.readText()")
    assert page.url == link
    other = page.context.new_page()
    other.goto(link.replace("?", "?x=1&"))
    other.evaluate("localStorage.clear()")
    other.goto(link)
    expect(other.locator(".pq-lead")).to_be_visible()
    assert [
        chip.get_attribute("aria-pressed") for chip in other.locator(".pq-chip").all()
    ] == states
    cited = other.locator(".pq-cite .pq-title").all_text_contents()
    assert set(cited) == {"Who built Quayside"}
    assert other.url == link


def test_a_refused_question_loses_no_turn(page: Page) -> None:
    """The turns stay; the corrected question replaces the refused one."""
    ask(page, WHO)
    ask(page, "x" * 1001)
    expect(page.get_by_label("Your question")).to_have_value("x" * 1001)
    expect(page.locator(".pq-turn")).to_have_count(2)
    page.get_by_label("Your question").fill("when?")
    page.keyboard.press("Enter")
    expect(page.locator(".pq-turn").last).to_contain_text("when (built the harbour")
    wait_answered(page)
    expect(page.locator(".pq-turn")).to_have_count(2)
    expect(page.locator(".pq-notice")).to_have_count(0)


def test_an_edited_search_that_is_refused_is_not_lost(page: Page) -> None:
    """The turn is unchanged and shows the reason, and the form has the typed text."""
    ask(page, WHO)
    ask(page, "when?")
    page.locator(".pq-edit").click()
    field = page.get_by_label("Search for", exact=True)
    field.fill("y" * 1001)
    page.keyboard.press("Enter")
    expect(page.locator(".pq-notice")).to_contain_text("at most 1000 are allowed")
    expect(page.locator(".pq-turn")).to_have_count(2)
    assert "when (built the harbour" in turn(page)
    page.locator(".pq-edit").click()
    expect(field).to_have_value("y" * 1001)
    assert [one["question"] for one in json.loads(page.evaluate(SAVED))["turns"]] == [WHO, "when?"]
