"""The list of conversations, notes and ratings in a real browser."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from axe import faults, faults_in_any_look, looks
from browser.test_conversation import WHO, save
from browsing import Chat, Visit, ask, reload
from conversation.test_versions import OLD
from hostile import strings
from pullquote.evaluate import read_questions

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("conversation list")]

OTTERS = "how many otters were seen at Tolland mill?"
EVERY = "Object.fromEntries(Object.keys(localStorage).map(key => [key, localStorage[key]]))"


def stored(page: Page) -> list[dict[str, Any]]:
    """The conversations that the browser stores."""
    return [json.loads(text) for text in page.evaluate(EVERY).values()]


def plant_conversations(page: Page, count: int, **fields: object) -> None:
    """Store copies of the conversation, each with an id and a question of its own."""
    page.evaluate(
        """([count, fields]) => {
          const saved = JSON.parse(localStorage.pullquote);
          for (let at = 0; at < count; at += 1) {
            const [turn] = saved.turns;
            const turns = [{ ...turn, question: `question ${at}`,
              asked: new Date(Date.UTC(2024, 0, at + 1)).toISOString() }];
            localStorage[`pullquote-conversation-${at}`] =
              JSON.stringify({ ...saved, id: `${at}`, turns, ...fields });
          }
        }""",
        [count, fields],
    )


def open_list(page: Page) -> None:
    """Open the panel."""
    page.get_by_role("button", name="Conversations", exact=True).click()
    expect(page.locator("#pq-conversations")).to_be_visible()


def begin_another(page: Page, question: str) -> None:
    """Ask a question in another conversation."""
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".pq-turn")).to_have_count(0)
    ask(page, question)


def import_text(page: Page, text: str, tmp_path: Path) -> None:
    """Import a file with that text."""
    file = tmp_path / "import.json"
    file.write_text(text, encoding="utf-8")
    page.locator("#pq-conversations input[type=file]").set_input_files(file)


def message(page: Page) -> str:
    """The message in the panel, which is read out too."""
    text = page.locator(".pq-library-message span").inner_text()
    expect(page.locator("#pq-status")).to_have_text(text)
    return text


def test_conversations_are_listed_searched_and_opened_by_keyboard(page: Page) -> None:
    """The earlier one is found by a word of its answer, and goes on where it ended."""
    ask(page, WHO)
    begin_another(page, OTTERS)
    page.get_by_role("button", name="Conversations", exact=True).focus()
    page.keyboard.press("Enter")
    items = page.locator(".pq-library-item")
    expect(items.locator(".pq-library-title")).to_have_text([OTTERS, WHO])
    expect(items.first).to_contain_text("1 question · open")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Search questions, answers and notes")).to_be_focused()
    page.keyboard.type("IDA roe")
    expect(items.locator(".pq-library-title")).to_have_text([WHO])
    expect(page.locator("#pq-status")).to_have_text("1 conversation found.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#pq-conversations")).to_be_hidden()
    expect(page.locator(".pq-question")).to_contain_text(WHO)
    expect(page.locator("#pq-article mark")).to_have_text("Ida Roe")
    expect(page.locator("#pq-status")).to_have_text(f"Opened: {WHO}")
    ask(page, "when?")
    expect(page.locator(".pq-searched")).to_contain_text("Ida Roe")
    reload(page)
    expect(page.locator(".pq-turn")).to_have_count(2)
    assert sorted(len(one["turns"]) for one in stored(page)) == [1, 2]


def test_a_search_opens_the_question_that_it_found(page: Page) -> None:
    """Its article is open and the address names it; a reload asks nothing again."""
    ask(page, WHO)
    ask(page, OTTERS)
    begin_another(page, "who remembers Ida?")
    open_list(page)
    page.get_by_label("Search questions, answers and notes").fill("built quayside")
    page.locator(".pq-library-open").click()
    expect(page.locator("#pq-article mark")).to_have_text("Ida Roe")
    expect(page.locator(".pq-turn").first.locator(".pq-question")).to_be_in_viewport()
    expect(page).to_have_url(re.compile("question=who\\+built"))
    reload(page)
    expect(page.locator(".pq-turn")).to_have_count(2)
    page.go_back()
    expect(page).to_have_url(re.compile("question=who\\+remembers"))


def test_a_conversation_is_renamed_and_deleted_with_undo(page: Page) -> None:
    """The name stays after a reload; a deleted conversation, even the open one, comes back."""
    ask(page, WHO)
    open_list(page)
    page.get_by_role("button", name="Rename").click()
    field = page.get_by_label("Name of the conversation")
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#pq-conversations")).to_be_visible()
    page.get_by_role("button", name="Rename").click()
    field.fill("Quay <b>& co")
    page.keyboard.press("Enter")
    assert message(page) == "Renamed to Quay <b>& co."
    reload(page)
    open_list(page)
    expect(page.locator(".pq-library-title")).to_have_text("Quay <b>& co")
    before = stored(page)
    page.get_by_role("button", name="Delete").click()
    expect(page.locator(".pq-turn")).to_have_count(0)
    assert message(page) == "Deleted: Quay <b>& co"
    assert stored(page) == []
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".pq-turn")).to_have_count(1)
    assert stored(page) == before


def test_the_conversation_of_the_first_version_is_listed(page: Page) -> None:
    """It is under the key "pullquote" and has no id."""
    page.evaluate("text => localStorage.setItem('pullquote', text)", json.dumps(OLD))
    reload(page)
    expect(page.locator(".pq-turn")).to_have_count(1)
    begin_another(page, WHO)
    open_list(page)
    expect(page.locator(".pq-library-title")).to_have_text([WHO, OLD["turns"][0]["question"]])
    expect(page.locator(".pq-library-facts").last).to_contain_text("5 June 2024 · 1 question")


def test_all_are_exported_and_imported_whole(page: Page, visit: Visit, tmp_path: Path) -> None:
    """Another browser gets the same conversations; a second import adds nothing or copies."""
    ask(page, WHO)
    begin_another(page, OTTERS)
    open_list(page)
    file, text = save(page, "Export all", tmp_path / "all.json")
    assert message(page) == f"Saved 2 conversations as {file.suggested_filename}."
    other = visit()
    open_list(other)
    expect(other.locator(".pq-library-none")).to_have_text("Nothing saved yet. Ask a question.")
    import_text(other, text, tmp_path)
    expect(other.locator(".pq-library-title")).to_have_text([OTTERS, WHO])
    assert message(other) == "Imported 2 conversations."
    wanted = {one["id"]: one["turns"][0]["reply"] for one in stored(page)}
    assert {one["id"]: one["turns"][0]["reply"] for one in stored(other)} == wanted
    import_text(other, text, tmp_path)
    expect(other.locator("#pq-status")).to_have_text("Imported 0 conversations (2 already here).")
    changed = json.loads(text)
    changed["conversations"][0]["turns"][0]["note"] = "Another note"
    import_text(other, json.dumps(changed), tmp_path)
    expect(other.locator("#pq-status")).to_have_text(
        "Imported 1 conversation (1 already here, 1 added as a copy)."
    )
    expect(other.locator(".pq-library-title")).to_have_text([OTTERS, f"{OTTERS} (copy)", WHO])
    other.locator(".pq-library-open").last.click()
    expect(other.locator(".pq-lead mark")).to_have_text("Ida Roe")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "the file is not JSON."),
        ("[]", "the file has no conversations of pullquote."),
        ('{"format": "pullquote conversations", "conversations": []}', "the file has no"),
        ('{"turns": [{"question": "<img src=x>"}]}', "conversation 1 of 1 cannot be read: turns.0"),
        (json.dumps({"turns": OLD["turns"] * 1000}), "conversation 1 of 1 cannot be read: "),
    ],
    ids=["no JSON", "foreign", "empty", "hostile", "too large"],
)
def test_a_file_that_is_no_export_changes_nothing(
    page: Page, text: str, reason: str, tmp_path: Path
) -> None:
    """The message says what is wrong, and what the browser stores stays the same."""
    ask(page, WHO)
    open_list(page)
    before = page.evaluate(EVERY)
    import_text(page, text, tmp_path)
    expect(page.locator(".pq-library-message span")).to_contain_text("Nothing was imported: ")
    assert reason in message(page)
    assert page.evaluate(EVERY) == before


def test_one_bad_conversation_stops_a_whole_import(page: Page, tmp_path: Path) -> None:
    """Nothing is added, not even the good conversation before it."""
    both = {"format": "pullquote conversations", "conversations": [OLD, {"turns": [{}]}]}
    open_list(page)
    import_text(page, json.dumps(both), tmp_path)
    expect(page.locator(".pq-library-message span")).to_contain_text("conversation 2 of 2")
    assert stored(page) == []


def fill_storage(page: Page) -> None:
    """Leave no room in the browser's storage."""
    page.evaluate("""() => {
      const room = (length) => {
        try { localStorage.setItem("x", "x".repeat(length)); return true; } catch { return false; }
      };
      let length = 0;
      for (let step = 4_000_000; step >= 1; step = Math.floor(step / 2))
        while (room(length + step)) length += step;
    }""")


def test_a_full_storage_drops_the_oldest_and_says_so(page: Page, tmp_path: Path) -> None:
    """The question in this tab is saved; the dropped conversation can be saved as a file."""
    ask(page, WHO)
    plant_conversations(page, 2, padding="x" * 50_000)  # one is larger than a turn
    fill_storage(page)
    ask(page, "when?")
    expect(page.locator("#pq-conversations")).to_be_visible()
    text = "The browser's storage was full, so the oldest conversation was deleted: question 0"
    expect(page.locator(".pq-library-message span")).to_have_text(text)
    expect(page.locator("#pq-status")).to_contain_text(f". {text}")
    titles = page.locator(".pq-library-title")
    expect(titles).to_have_text([WHO, "question 1"])
    _, saved = save(page, "Save as a file", tmp_path / "dropped.json")
    assert [one["id"] for one in json.loads(saved)["conversations"]] == ["0"]
    reload(page)
    expect(page.locator(".pq-turn")).to_have_count(2)


def test_a_conversation_that_cannot_be_saved_is_named(page: Page, tmp_path: Path) -> None:
    """If nothing older can make room, the page says so, and offers all questions as a file."""
    ask(page, WHO)
    fill_storage(page)
    ask(page, "when?")
    message = page.locator(".pq-library-message span")
    expect(message).to_contain_text("this conversation will be lost")
    _, saved = save(page, "Save as a file", tmp_path / "unsaved.json")
    [conversation] = json.loads(saved)["conversations"]
    assert [turn["question"] for turn in conversation["turns"]] == [WHO, "when?"]


def test_the_size_is_given_and_a_nearly_full_storage_is_named(page: Page) -> None:
    """From four of five megabytes on, the panel says what to do."""
    ask(page, WHO)
    open_list(page)
    size = page.locator(".pq-library-size")
    expect(size).to_have_text("Saved only in this browser: 0.0 MB of about 4.8 MB used.")
    page.keyboard.press("Escape")
    plant_conversations(page, 2, padding="x" * 2_050_000)
    open_list(page)
    expect(size).to_contain_text("3.9 MB of about 4.8 MB used. Space is running out: export")


def test_a_second_tab_agrees(page: Page, chat: Chat) -> None:
    """It shows what the first asks in the same conversation, and keeps its own when that leaves."""
    ask(page, WHO)
    other = page.context.new_page()
    other.goto(chat.url)
    expect(other.locator(".pq-turn")).to_have_count(1)
    ask(page, "when?")
    expect(other.locator(".pq-turn")).to_have_count(2)
    begin_another(page, OTTERS)
    ask(other, "why?")
    expect(other.locator(".pq-turn")).to_have_count(3)
    open_list(other)
    expect(other.locator(".pq-library-facts").first).to_contain_text("3 questions · open")
    expect(page.locator(".pq-turn")).to_have_count(1)
    assert sorted(len(one["turns"]) for one in stored(page)) == [1, 3], page.evaluate(EVERY)
    open_list(page)
    page.get_by_role("button", name=f"Delete {WHO}").click()
    expect(other.locator(".pq-turn")).to_have_count(0)


def test_a_note_is_saved_and_exported(page: Page, tmp_path: Path) -> None:
    """The note is folded until it is used, and is in the list's search and both exports."""
    ask(page, WHO)
    field = page.get_by_label("Note on this answer")
    expect(field).to_be_hidden()
    page.locator(".pq-remarks summary").focus()
    page.keyboard.press("Enter")
    field.fill("Call Ida's <grandson>.\n\n# Tuesday")
    page.keyboard.press("Tab")
    expect(page.locator("#pq-status")).to_have_text("Note saved.")
    reload(page)
    expect(field).to_be_visible()
    expect(field).to_have_value("Call Ida's <grandson>.\n\n# Tuesday")
    page.locator(".pq-kind summary").click()
    page.get_by_role("button", name="a list", exact=False).first.click()
    expect(page.locator('.pq-turn[aria-busy="false"]')).to_have_count(1)
    expect(field).to_have_value("Call Ida's <grandson>.\n\n# Tuesday")
    _, text = save(page, "Save as Markdown", tmp_path / "saved.md")
    assert "Note:\n\nCall Ida's \\<grandson\\>.\n\n\\# Tuesday\n" in text
    _, text = save(page, "Save as JSON", tmp_path / "saved.json")
    assert json.loads(text)["turns"][0]["note"] == "Call Ida's <grandson>.\n\n# Tuesday"
    open_list(page)
    page.get_by_label("Search questions, answers and notes").fill("grandson")
    expect(page.locator(".pq-library-item")).to_have_count(1)


def test_rated_answers_become_gold_questions(page: Page, tmp_path: Path) -> None:
    """The exported file has the words and articles of the right answer, and no other's."""
    ask(page, WHO)
    right = page.get_by_role("button", name="Right", exact=True)
    wrong = page.get_by_role("button", name="Wrong", exact=True)
    right.focus()
    page.keyboard.press("Enter")
    expect(right).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#pq-status")).to_have_text("Rated as right.")
    begin_another(page, OTTERS)
    right.click()
    wrong.click()
    expect(right).to_have_attribute("aria-pressed", "false")
    reload(page)
    expect(wrong).to_have_attribute("aria-pressed", "true")
    open_list(page)
    file, _ = save(page, "Export rated answers", tmp_path / "gold.jsonl")
    assert file.suggested_filename.endswith(".jsonl")
    gold = {one.question: one for one in read_questions(tmp_path / "gold.jsonl")}
    assert gold[WHO].answers == ("Ida Roe",)
    assert gold[WHO].articles == {"harbour.md", "again.md"}
    assert not gold[OTTERS].answerable
    page.keyboard.press("Escape")
    wrong.click()
    expect(page.locator("#pq-status")).to_have_text("Rating removed.")


def test_without_rated_answers_the_export_says_why(page: Page, chat: Chat) -> None:
    """Without a rating it says to rate; rated answers that cannot be exported are counted."""
    ask(page, WHO)
    open_list(page)
    export = page.get_by_role("button", name="Export rated answers")
    export.click()
    message = page.locator(".pq-library-message span")
    expect(message).to_have_text(
        "No rated answers yet. Rate an answer right or wrong, then export."
    )
    page.keyboard.press("Escape")
    page.goto(chat.at(question=WHO, source="Harbour Post"))
    expect(page.locator('.pq-turn[aria-busy="false"]')).to_have_count(2)
    page.get_by_role("button", name="Right", exact=True).last.click()
    open_list(page)
    export.click()
    expect(message).to_have_text(
        "Nothing to export. 1 rated answer left out: asked with filters, withheld, or a "
        "“no answer” rated wrong."
    )


def test_the_panel_and_remarks_shut_nobody_out(page: Page) -> None:
    """Nothing has an accessibility fault, is cut off or too small a target; focus stays in view."""
    ask(page, WHO)
    page.get_by_role("button", name="Right", exact=True).click()
    page.locator(".pq-remarks summary").click()
    assert faults_in_any_look(page) == {}
    plant_conversations(page, 30, title="A long name of a conversation " * 5)
    open_list(page)
    page.get_by_role("button", name="Rename").nth(1).click()
    page.get_by_role("button", name="Delete").first.click()
    for look in looks(page):
        assert faults(page) == [], look
        width = page.evaluate("document.scrollingElement.scrollWidth")
        assert width == page.evaluate("innerWidth"), look
        outside = page.evaluate(
            """[...document.querySelectorAll("#pq-conversations button, #pq-conversations input")]
              .filter((one) => one.checkVisibility()).map((one) => one.getBoundingClientRect())
              .filter((box) => box.left < 0 || box.right > innerWidth || box.height < 24)"""
        )
        assert outside == [], look
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    expect(page.locator("#pq-conversations")).to_be_hidden()


def test_hostile_questions_stay_text(page: Page) -> None:
    """In the list, in the names of its buttons and in messages, nothing becomes an element."""
    ask(page, WHO)
    page.evaluate(
        """texts => {
          const saved = JSON.parse(localStorage.pullquote);
          const [turn] = saved.turns;
          texts.forEach((question, at) => {
            localStorage[`pullquote-conversation-${at}`] =
              JSON.stringify({ ...saved, id: `${at}`, turns: [{ ...turn, question }] });
          });
          localStorage["pullquote-conversation-odd"] =
            '{"turns": [null, {"question": 7, "reply": {"answers": [3]}}]}';
          localStorage["pullquote-conversation-broken"] = "{";
        }""",
        [text[:60] for text in strings("http://127.0.0.1:9/x")][:60],
    )
    open_list(page)
    expect(page.locator(".pq-library-item")).to_have_count(62)
    kinds = page.locator(".pq-library-list *").evaluate_all("all => all.map(one => one.tagName)")
    assert set(kinds) == {"LI", "BUTTON", "SPAN", "DIV", "FORM", "INPUT"}
    odd = page.locator(".pq-library-item", has_text="2 questions")
    odd.locator(".pq-library-open").click()
    expect(page.locator(".pq-library-message span")).to_contain_text("cannot be opened: turns.0")
    expect(page.locator(".pq-turn")).to_have_count(1)
    widest = page.locator(".pq-library-list").evaluate("one => one.scrollWidth - one.clientWidth")
    assert widest == 0
