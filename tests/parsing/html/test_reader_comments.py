"""Reader comments on web pages in the styles of common comment systems."""

from __future__ import annotations

from datetime import date

import pytest

from pullquote.parsing.html.parser import parse_html
from pullquote.parsing.source import SourceFile
from pullquote.schema import day_of

FIRST = "It was orange before, and I should know because I held the ladder all day."
SECOND = "You never did, and the colour was red even then."
DAYS = (date(2024, 3, 5), date(2024, 3, 6))
PROSE = "<p>" + "The lighthouse will be painted in July, the trust said on Monday. " * 5 + "</p>"

SYSTEMS = {
    "WordPress, old": f"""<h3 id="comments">Two Responses to “Lighthouse to be painted”</h3>
        <ol class="commentlist"><li class="alt" id="comment-12"><cite><a href="/g">Gull</a></cite>
        Says: <br><small class="commentmetadata"><a href="#c">March 5th, 2024 at 11:05 am</a>
        </small><p>{FIRST}</p></li><li id="comment-13"><cite>Old Net</cite> Says: <br><small
        class="commentmetadata"><a href="#d">March 6th, 2024 at 9:10 am</a></small><p>{SECOND}</p>
        </li></ol>""",
    "WordPress": f"""<div id="comments" class="comments-area"><h2 class="comments-title">2 thoughts
        on “Lighthouse”</h2><ol class="comment-list"><li id="comment-1" class="comment even
        depth-1"><article class="comment-body"><footer class="comment-meta"><div
        class="comment-author vcard"><b class="fn">Gull</b> <span class="says">says:</span></div>
        <div class="comment-metadata"><a href="#1"><time datetime="2024-03-05T11:05:09+00:00">March
        5, 2024 at 11:05 am</time></a></div></footer><div class="comment-content"><p>{FIRST}</p>
        </div><div class="reply"><a href="#r">Reply</a></div></article></li><li id="comment-2"
        class="comment odd"><article class="comment-body"><footer class="comment-meta"><div
        class="comment-author vcard"><b class="fn">Old Net</b> <span class="says">says:</span></div>
        <time datetime="2024-03-06T09:10:00+00:00">March 6, 2024</time></footer><div
        class="comment-content"><p>{SECOND}</p></div></article></li></ol></div>""",
    "Blogger": f"""<div class="comments" id="comments"><h4>2 comments:</h4><dl id="comments-block">
        <dt class="comment-author" id="c1"><a href="/g" rel="nofollow">Gull</a> said...</dt><dd
        class="comment-body" id="b1"><p>{FIRST}</p></dd><dd class="comment-footer"><span
        class="comment-timestamp"><a href="#c1" title="comment permalink">March 5, 2024 at 11:05 AM
        </a></span></dd><dt class="comment-author" id="c2">Old Net said...</dt><dd
        class="comment-body" id="b2"><p>{SECOND}</p></dd><dd class="comment-footer"><span
        class="comment-timestamp"><a href="#c2" title="comment permalink">March 6, 2024 at 9:10 AM
        </a></span></dd></dl></div>""",
    "Drupal": f"""<div id="comments"><h2 class="comments">Comments</h2><div class="comment odd"><h3>
        <a href="#c1">Orange</a></h3><div class="submitted">Submitted by Gull on Tue, 2024-03-05
        11:05.</div><div class="content"><p>{FIRST}</p></div><ul class="links"><li><a href="#r">
        reply</a></li></ul></div><div class="comment even"><h3><a href="#c2">Red</a></h3><div
        class="submitted">Submitted by Old Net on Wed, 2024-03-06 09:10.</div><div class="content">
        <p>{SECOND}</p></div></div></div>""",
    "Disqus, saved": f"""<div id="disqus_thread"><ul id="post-list" class="post-list"><li
        class="post" id="post-1"><div class="post-content"><header><span class="author">Gull</span>
        <a class="time-ago" title="Tuesday, March 5, 2024 11:05 AM">2 years ago</a></header><div
        class="post-message"><p>{FIRST}</p></div><footer><a>Reply</a></footer></div></li><li
        class="post" id="post-2"><div class="post-content"><header><span class="author">Old Net
        </span> <a class="time-ago" title="Wednesday, March 6, 2024 9:10 AM">2 years ago</a>
        </header><div class="post-message"><p>{SECOND}</p></div></div></li></ul></div>""",
    "microdata": f"""<div class="talk"><div itemprop="comment" itemscope
        itemtype="https://schema.org/Comment"><span itemprop="author" itemscope><span
        itemprop="name">Gull</span></span><time itemprop="dateCreated"
        datetime="2024-03-05T11:05">5 March</time><div itemprop="text"><p>{FIRST}</p></div></div>
        <div itemprop="comment" itemscope itemtype="https://schema.org/Comment"><span
        itemprop="author" itemscope><span itemprop="name">Old Net</span></span><time
        itemprop="dateCreated" datetime="2024-03-06T09:10">6 March</time><div itemprop="text"><p>
        {SECOND}</p></div></div></div>""",
    "German": f"""<div id="kommentare"><h3>2 Kommentare</h3><div class="kommentar"><div
        class="kommentar-kopf">Gull schrieb am 5. März 2024 um 11:05 Uhr</div><p>{FIRST}</p></div>
        <div class="kommentar"><div class="kommentar-kopf">Old Net schrieb am 6. März 2024 um 09:10
        Uhr</div><p>{SECOND}</p></div></div>""",
    "names of its own": f"""<section class="article_readerComments"><h2>Comments (2)</h2><article
        class="c-item"><header><b class="author">Gull</b> <time datetime="2024-03-05T11:05">5 March
        2024</time></header><p>{FIRST}</p></article><article class="c-item"><header><b
        class="author">Old Net</b> <time datetime="2024-03-06T09:10">6 March 2024</time></header>
        <p>{SECOND}</p></article></section>""",
}


@pytest.mark.parametrize("name", SYSTEMS)
def test_comments_of_each_system(name: str) -> None:
    """Each comment has its text, author and date, and none is part of the report."""
    html = f"<html><body><article><h1>Lighthouse to be painted</h1>{PROSE}{PROSE}</article>"
    content = f"{html}{SYSTEMS[name]}</body></html>".encode()
    article = parse_html(SourceFile(id="a.html", version="0", content=content))[0]
    comments = [
        (block.author, day_of(block.time), article.text[block.start : block.end])
        for block in article.blocks
        if block.role.value == "comment"
    ]
    assert comments == [("Gull", DAYS[0], FIRST), ("Old Net", DAYS[1], SECOND)]
    assert article.authors == ()
