"""A corpus with many kinds of articles, such as hostile, long, withheld and duplicated ones."""

from __future__ import annotations

import json

from pullquote.integrations.testing.newsroom import Newsroom

STORY = (
    "The harbour board in Marlow has closed the old pier for 14 days after a survey found cracks in"
    " three of its piles, said Anna Thornby, who leads the works. Ferries to Kirkwell will leave"
    " from the north quay until 3 June, and the 250 berths of the marina stay open."
)
MORE = (
    " A second survey is due on 12 May, when divers of the Ridley company will look at the 96 piles"
    " below the tea room. Traders on the pier, among them the owner of the Penrose bakery, asked"
    " the board for help with their rents. The board had promised in March that the pier would stay"
    " open all summer, and councillor Tom Ivers called the closure a scandal."
)
WHOLE = STORY + MORE
URL = "https://post.example/pier"
QUESTIONS = (
    "Is the pier shut?",
    "Who saw the tide?",
    "the harbour of Marlow",
    "what costs 3.5%?",
    "\U0001f469\u200d\U0001f467 ?!",
)
HOSTILE_IDS = (
    "o'brien.md",
    'say "no".md',
    "back\\slash.md",
    "x' or 1 == 1 or 'y.md",
    '") or id > 0 or ("a" == "a.md',
    "{x} 100% $1 #1.md",
    "line\ttab.md",
    "\u05e9\u05dc\u05d5\u05dd/e\u0301\u0323cole \U0001f469\u200d\U0001f467.md",
)
HOSTILE_SOURCES = (
    "O'Brien",
    'say "no"',
    "back\\slash",
    "ends with one\\",
    "\\' or 1 == 1 or '",
    '\\") or day > 0 or ("',
    "{source_in}",
    "%s",
    "\\x41\\u0042\\n\\t",
    "\u202eevil\u202c",
    "e\u0301\u0323cole",
    "\U0001f469\u200d\U0001f467",
    "\u05e9\u05dc\u05d5\u05dd",
    "[1, 2]",
    "null",
    "x" * 3000,
)
HOSTILE = (
    "e\u0301\u0323cole and \ufb01ne \u0130stanbul \u1e9e: the tide was low.\n\n"
    "\u05e9\u05dc\u05d5\u05dd \u05e2\u05d5\u05dc\u05dd. \u202eevil\u202c said the tide.\n\n"
    "\U0001f469\u200d\U0001f469\u200d\U0001f467 \U0001f1f9\U0001f1ed saw \u200b\ufeffit.\n\n"
    "\u4f60\u597d\u3002\u4e16\u754c\u3002 'Quoted' \"twice\" \\n {braces} %s && || != == in []."
)
OPINION = (
    '<html lang="en"><head><script type="application/ld+json">{"@type": "OpinionNewsArticle", '
    '"headline": "An ugly pier", "publisher": {"name": "Straße"}}</script></head><body><article>'
    f"<h1>An ugly pier</h1><p>{'The pier is ugly. Nobody in town likes the pier. ' * 5}</p>"
    "</article></body></html>"
)
PORTUGUESE = (
    "O molhe do porto está fechado há duas semanas. Os barcos de pesca não puderam sair ontem, "
    "disse o presidente da câmara aos jornalistas."
)
LONG = "\n\n".join(f"The ferry \u4e16\u754c number {n} left harbour {n % 7}." for n in range(60))
ENDLESS = "\u4e16\u754c" * 22_000
"""Text without spaces, 132,000 bytes long; a string in Milvus has at most 65,535 bytes."""


def write_sample_corpus(newsroom: Newsroom) -> None:
    """Write the sample corpus into the newsroom's corpus folder."""
    says = '\n\n## Comments\n\n**Gull "G" O\'Gull** | 4 June 2024 - 11:05:09\n\nThe tide lies.'
    newsroom.write(
        "post/tide.md",
        f"The tide is low. It rose 3.5% at the pier.{says}",
        title="Low tide",
        standfirst="Low tide",
        source="Harbour Post",
        section="Sea",
        date="2024-06-04",
    )
    newsroom.write("post/pier.md", PORTUGUESE, title="O molhe", language="pt-BR")
    newsroom.write("old.md", "The pier is shut.", url=URL, date="2024-06-01", source="Gazette")
    newsroom.write("new.md", "The pier is open.", url=URL, date="2024-06-02", source="GAZETTE")
    newsroom.write("view.html", OPINION)
    newsroom.write("copy/one.md", WHOLE, source="Post", date="2024-01-03")
    newsroom.write("copy/two.md", STORY, source="Courier", section="Sea", date="2024-01-05")
    newsroom.write("hostile.md", HOSTILE, title="'\"\\ {tide}", source='O\'Brien "&" Sons\\')
    newsroom.write("long.md", LONG, date="2023-12-31")
    newsroom.write(
        "endless.md", f"The tide {ENDLESS} ends.", title="Endless", section="\"' or 1 == 1 or '\""
    )
    newsroom.write("held.md", "The pier is secret.", status="withheld")
    newsroom.write("soon.md", "The pier is secret, too.", embargo="2090-01-01T00:00:00Z")
    for id in HOSTILE_IDS:
        newsroom.write(id, f"The tide of {len(id)} saw the pier.", title=id.replace("\t", " "))
    newsroom.corpus.joinpath("bad.json").write_text("{")
    record = {"id": "urn:x:'1'\\", "headline": "Boats", "body": "The boats \x01\x7f came.\u2028So."}
    named = [{"source": one, "headline": "H", "body": "The tide is."} for one in HOSTILE_SOURCES]
    newsroom.corpus.joinpath("named.jsonl").write_text("\n".join(map(json.dumps, named)))
    newsroom.corpus.joinpath("wire.jsonl").write_text(json.dumps(record), encoding="utf-8")
