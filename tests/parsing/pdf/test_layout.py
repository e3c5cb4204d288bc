"""The layout analysis of PDF pages: columns, tables, captions, footnotes and doubtful order."""

from __future__ import annotations

from itertools import pairwise

from pdf_pages import LEFT, RIGHT, Draw, justified, lines, outline, pdf, read, rule, together, words
from pullquote.answering.answers import cite_at
from pullquote.index.passages import split_passages
from pullquote.parsing.pdf.layout.reading_order import columns_of
from pullquote.parsing.pdf.layout.text_runs import TextRun
from pullquote.schema import Article

STORY = (
    "The river rose in the night and reached the mill by",
    "dawn. Nobody slept in the lower town, where the water",
    "stood a metre high in the streets. The fire brigade",
    "carried old people out of their houses in boats, and",
    "the school became a shelter. By noon the rain ended.",
)
OTHER = (
    "A bridge that was built only two years ago was swept",
    "away. Its builder says that it was made for floods of",
    "the usual kind, and that this one was unheard of. The",
    "county will ask an engineer who knows rivers what the",
    "cause was, and will build another one if need be now.",
)


def passages(article: Article) -> list[str]:
    """The text of each passage, when passages are as long as they may be."""
    found = split_passages(
        article, count_tokens=lambda texts: [1] * len(texts), budget=100, overlap=0
    )
    return [passage.text for passage in found]


def test_two_columns_with_a_narrow_gutter() -> None:
    """A gutter of 7 points is found where many lines begin beside it."""
    page = together(
        *(
            draw
            for i in range(5)
            for draw in (
                justified(STORY[i], x=60, width=224, top=100 + 12 * i),
                justified(OTHER[i], x=291, width=224, top=100 + 12 * i),
            )
        )
    )
    assert words(read(pdf(page))) == [" ".join(STORY), " ".join(OTHER)]


def test_three_columns_with_a_headline_across() -> None:
    """The headline is read first, then each column, although the headline's spaces are wide."""
    columns = [
        ("One is the first column of", "this page, and its lines are", "short. It ends here."),
        ("Two is the second column of", "this page, and it goes on to", "a third line as well."),
        (
            "Three is the third column of",
            "this page. It is on the right",
            "of the others. It ends.",
        ),
    ]
    page = together(
        lines("Storm breaks harbour wall and sinks three boats", top=80, size=24),
        *(lines(*column, x=50 + 170 * i, top=120) for i, column in enumerate(columns)),
    )
    assert words(read(pdf(page))) == [
        "Storm breaks harbour wall and sinks three boats",
        *(" ".join(column) for column in columns),
    ]


def test_a_gap_beside_a_short_heading_is_no_gutter() -> None:
    """A heading with a date far to the right does not cut the paragraph below into columns."""
    page = together(
        lines("The flood", x=60, top=80),
        lines("4 June", x=300, top=80),
        justified(*STORY, x=60, width=260, top=110),
    )
    assert words(read(pdf(page))) == ["The flood", "4 June", " ".join(STORY)]


def test_wide_word_spaces_cut_no_paragraph() -> None:
    """Lines whose spaces are stretched to 12 points stay lines of one paragraph."""
    text = (
        "The council voted to repair it,",
        "before the winter comes to us.",
        "It will take two years to do so,",
        "the mayor said to the others,",
        "and a great deal of old stone.",
    )
    page = justified(*text, x=60, width=190)
    assert words(read(pdf(page))) == [" ".join(text)]


def test_a_hyphenated_word_skips_a_caption_on_the_next_page() -> None:
    """The word is joined to the text below the caption, and not to the caption."""
    first = lines(*LEFT[:2], "two years, said the mayor, and a great deal of infor-", top=700)
    second = together(
        lines("Figure 3: the harbour wall in the storm of 2019", top=80),
        lines("mation about the ground. Nobody was hurt then.", *RIGHT[:2], top=130),
    )
    found = outline(read(pdf(first, second)))
    assert [(role, page) for role, page, _ in found] == [("body", 1), ("body", 2), ("caption", 2)]
    assert found[0][2].endswith("a great deal of information")
    assert found[1][2].startswith("about the ground.")


def test_a_hyphenated_word_is_not_joined_to_a_heading_or_another_size() -> None:
    """If nothing on the next page goes on, the word stays as it is."""
    first = lines(*LEFT[:2], "two years, said the mayor, and a great deal of infor-", top=700)
    second = lines("a note in small type about something else", top=80, size=7)
    assert words(read(pdf(first, second)))[0].endswith("infor-")


def test_a_large_line_may_overlap_the_line_before_it() -> None:
    """As a heading on the right does, which begins a little above the end of a small line."""
    upper = TextRun("All the boats of the harbour", 0, 200, 0, 10, height=10)
    lower = TextRun("are lost.", 0, 80, 12, 22, height=10)
    heading = TextRun("Storm", 100, 200, 18, 38, height=20)
    assert [column.lines for column in columns_of([upper, lower, heading])] == [
        (upper, lower),
        (heading,),
    ]


def test_line_numbers_are_left_out() -> None:
    """The numbers beside the lines of a transcript are no words of its sentences."""
    page = together(
        lines(*map(str, range(1, 6)), x=60, top=100), justified(*STORY, x=90, width=250)
    )
    assert words(read(pdf(page))) == [" ".join(STORY)]


def test_numbers_of_list_items_stay() -> None:
    """Items begin with capital letters, so that their numbers are not those of lines."""
    items = ("Stone for the wall", "Boats for the crew", "Money for the town", "Time for it all")
    page = together(lines(*map(str, range(1, 5)), x=60), lines(*items, x=90))
    assert " ".join(words(read(pdf(page)))).split()[0] == "1"


def test_footnotes_are_not_joined_to_sentences() -> None:
    """A sentence goes on in the next column; the footnote below its first part follows it."""
    page = together(
        justified(*STORY[:4], x=60, width=230),
        lines("1 Report of the county, page 12", x=60, top=170, size=7, leading=8),
        justified(STORY[4], *OTHER, x=310, width=230),
    )
    assert words(read(pdf(page))) == [" ".join([*STORY, *OTHER]), "1 Report of the county, page 12"]


def test_a_row_of_a_table_is_one_block() -> None:
    """Cells are separated, and no sentence is made of a column."""
    rows = [("Town", "2019", "2020"), ("Northshore", "1,204", "1,310"), ("Millbrook", "877", "90")]
    table = together(
        *(
            lines(*column, x=60 + 120 * i, top=200)
            for i, column in enumerate(zip(*rows, strict=True))
        )
    )
    page = together(lines(*LEFT, top=100), table)
    assert words(read(pdf(page))) == [" ".join(LEFT), *map(" | ".join, rows)]


def test_a_rule_separates_cells_without_white_space() -> None:
    """Cells that nearly touch are told apart by the line between them."""
    rows = [("Millbrook", "north"), ("Northshore", "south"), ("Eastbridge", "west")]
    page = together(
        *(lines(right, x=106, top=100 + 12 * i) for i, (_, right) in enumerate(rows)),
        *(lines(left, x=60, top=100 + 12 * i) for i, (left, _) in enumerate(rows)),
        rule(x=104.5, top=90, bottom=128),
    )
    assert words(read(pdf(page))) == [" | ".join(row) for row in rows]


def votes(*names: str, x: float) -> Draw:
    """A list of names, each with a figure far right of it, between two rules."""
    figures = [str(100 + 7 * len(name)) for name in names]
    return together(
        lines("ASSESSOR", *names, x=x, top=100),
        lines(*figures, x=x + 100, top=112),
        rule(x=x - 8, top=90, bottom=150),
        rule(x=x + 130, top=90, bottom=150),
    )


def test_lists_beside_each_other_are_no_table() -> None:
    """Each list has a rule around it, and its figures are beside its names."""
    page = together(votes("Anna Lee", "Bo", "Cyd", x=60), votes("Di", "Eve", "Flo", x=200))
    assert words(read(pdf(page))) == [
        "ASSESSOR",
        "Anna Lee | 156",
        "Bo | 114",
        "Cyd | 121",
        "ASSESSOR",
        "Di | 114",
        "Eve | 121",
        "Flo | 121",
    ]


def test_figures_in_groups_with_rules_between_them_are_one_table() -> None:
    """A rule before figures alone is one of a table, whose rows have their name on the left."""
    columns = [
        ("Anna Lee", "Bo", "Cyd"),
        ("12", "13", "14"),
        ("25", "26", "27"),
        ("31", "32", "33"),
    ]
    page = together(
        *(lines(*column, x=60 + 60 * i) for i, column in enumerate(columns)),
        rule(x=165, top=90, bottom=130),
    )
    assert words(read(pdf(page))) == [" | ".join(row) for row in zip(*columns, strict=True)]


def test_figures_of_a_table_in_the_margin_are_no_page_numbers() -> None:
    """A page has a number or two, but no column of them."""
    page = together(
        lines(*LEFT),
        lines("Northshore", "Millbrook", "Eastbridge", top=780),
        lines("12", "87", "31", x=160, top=780),
    )
    assert words(read(pdf(page)))[1:] == ["Northshore | 12", "Millbrook | 87", "Eastbridge | 31"]


def test_a_quote_across_cells_shows_their_border() -> None:
    """A quote is a piece of the text, and no two cells follow each other without the mark."""
    rows = [("Northshore", "lost"), ("Millbrook", "won"), ("Eastbridge", "drew")]
    table = together(
        *(lines(*column, x=60 + 120 * i) for i, column in enumerate(zip(*rows, strict=True)))
    )
    article = read(pdf(table))
    start, end = article.text.index("Millbrook"), article.text.index("won") + 3
    assert cite_at(article, range(start, end)).quote == "Millbrook | won"


def grid(*, x: tuple[float, ...], top: tuple[float, ...]) -> Draw:
    """Draws the rules of a table: vertical ones at `x`, horizontal ones at `top`."""
    return together(
        *(rule(x=at, top=top[0], bottom=top[-1]) for at in x),
        *(across(top=at, left=x[0], right=x[-1]) for at in top),
    )


def across(*, top: float, left: float, right: float) -> Draw:
    """Draws a horizontal rule."""
    return lambda canvas: canvas.line(left, 842 - top, right, 842 - top)


def test_the_lines_of_a_ruled_cell_are_together() -> None:
    """Though the other cells of the row have one line, in the middle."""
    page = together(
        lines("Fishermen who", "lost a boat", "in the storm", x=65, top=100),
        lines("14", x=165, top=112),
        lines("31", x=215, top=112),
        lines("Others", x=65, top=142),
        lines("8", x=165, top=142),
        lines("9", x=215, top=142),
        grid(x=(60, 160, 210, 260), top=(88, 130, 150, 170)),
    )
    assert words(read(pdf(page))) == [
        "Fishermen who lost a boat in the storm | 14 | 31",
        "Others | 8 | 9",
    ]


def test_a_ruled_cell_beside_several_rows_is_in_the_first_of_them() -> None:
    """Wherever its words are printed in it."""
    page = together(
        lines("North", x=65, top=122),
        *(lines(town, x=125, top=102 + 20 * i) for i, town in enumerate(("Hull", "Leeds", "York"))),
        *(lines(str(12 + i), x=215, top=102 + 20 * i) for i in range(3)),
        grid(x=(120, 210, 260), top=(88, 108, 128, 148)),
        grid(x=(60, 120), top=(88, 148)),
    )
    assert words(read(pdf(page))) == ["North | Hull | 12", "Leeds | 13", "York | 14"]


def test_an_underline_divides_no_cell() -> None:
    """A rule between two rows goes from one side of a cell to the other."""
    page = together(
        lines("Trial A", "first dose", x=65, top=100),
        lines("14", x=165, top=106),
        lines("Trial B", x=65, top=130),
        lines("15", x=165, top=130),
        across(top=102, left=65, right=95),
        grid(x=(60, 160, 210), top=(88, 118, 138)),
    )
    assert words(read(pdf(page))) == ["Trial A first dose | 14", "Trial B | 15"]


def test_rows_between_two_rules_stay_rows() -> None:
    """Figures below each other in a frame are those of several rows."""
    names, figures = ("Hull", "Leeds", "York"), ("12", "13", "14")
    page = together(
        lines("Town", x=65, top=100),
        lines("Boats", x=165, top=100),
        lines("A region", *names, x=65, top=120),
        lines(*figures, x=165, top=132),
        lines("Total", x=65, top=176),
        lines("39", x=165, top=176),
        grid(x=(60, 160, 210), top=(88, 108, 164, 184)),
    )
    rows = [" | ".join(row) for row in zip(names, figures, strict=True)]
    assert words(read(pdf(page))) == ["Town | Boats", "A region", *rows, "Total | 39"]


def test_text_that_is_repeated_in_the_margin_is_no_running_head() -> None:
    """A head of more than four lines, as on two copies of a form, is text."""
    page = lines(*STORY, top=20)
    assert [b.page for b in read(pdf(page, page)).blocks] == [1, 2]


def windmill() -> bytes:
    """A page without any order: four texts lie around the middle like the sails of a windmill."""
    return pdf(
        together(
            lines(
                "The storm broke the old harbour wall at the pier. It was", "sixty years old.", x=60
            ),
            lines("Three boats sank and", *["their crews swam to us."] * 12, x=420),
            lines(*["The mayor came to see it."] * 10, "Then he went away.", x=60, top=160),
            lines("He promised a wall that is higher than the old one, and soon.", x=260, top=268),
        )
    )


def test_nothing_is_quoted_across_a_doubtful_seam() -> None:
    """Each block whose order is doubtful is a passage of its own, and its citations say so."""
    article = read(windmill())
    doubtful = [block for block in article.blocks if block.layout == "uncertain"]
    assert len(doubtful) > 1
    found = passages(article)
    for block in doubtful:
        assert article.text[block.start : block.end] in found
        assert cite_at(article, range(block.start, block.start + 5)).details[-1] == (
            "layout uncertain"
        )


def test_a_certain_page_has_no_uncertain_blocks() -> None:
    """Columns beside each other under a headline are in a certain order."""
    page = together(
        lines("Harbour wall to be repaired", top=80, size=24),
        lines(*LEFT, top=120),
        lines(*RIGHT, x=310, top=120),
    )
    article = read(pdf(page))
    assert {block.layout for block in article.blocks} == {None}
    assert all(one.end < other.start for one, other in pairwise(article.blocks))
