"""Pictures of the pages of PDF files, with the cited words in boxes."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from pullquote.index.services import corpus_of
from pullquote.newsroom.assistant import Assistant
from pullquote.parsing.files import open_file, suffix_of
from pullquote.parsing.pdf.page_image import QuotedPage
from pullquote.parsing.workers.page_drawing import draw_page
from pullquote.schema import Article
from pullquote.schema.errors import (
    ArticleError,
    ArticleUnknown,
    Busy,
    PullquoteError,
    RequestGivenUp,
)
from pullquote.web.requests import CitedSpan
from pullquote.web.scheduler import Scheduler

PAGE_IMAGE: Final = "/page-image"

_AROUND = 60
"""Characters before and after the cited words that tell apart two places with equal words."""


def page_image_route(assistant: Assistant, scheduler: Scheduler) -> Route:
    """The route of the pictures."""

    def image(place: CitedSpan) -> Response:
        article = assistant.article(place.article)
        quoted = _quoted_page(article, range(place.start, place.end), ocr=assistant.settings.ocr)
        if quoted is None or not article.version.startswith(place.version or ""):
            raise ArticleUnknown(place.article)
        corpus = corpus_of(assistant.settings)
        content = draw_page(corpus, quoted, limits=assistant.settings.limits)
        return Response(content, media_type="image/png", headers={"Cache-Control": "no-store"})

    async def get(request: Request) -> Response:
        try:
            place = CitedSpan.model_validate(dict(request.query_params))
            return await scheduler.draw(lambda: image(place))
        except ValidationError:
            return PlainTextResponse("The address names no place in an article.", status_code=400)
        except (Busy, RequestGivenUp):
            raise  # the application answers them like those of any page
        except (PullquoteError, ArticleError) as error:
            return PlainTextResponse(str(error), status_code=404)

    return Route(PAGE_IMAGE, get, methods=["GET"])


def page_image_address(assistant: Assistant, article: Article, cited: range) -> str:
    """The address of the picture of the page with these words; "" if there can be none."""
    if (
        suffix_of(article.id) != ".pdf"
        or _quoted_page(article, cited, ocr=assistant.settings.ocr) is None
    ):
        return ""
    try:
        with open_file(corpus_of(assistant.settings) / article.id, id=article.id):
            pass
    except (PullquoteError, ArticleError):
        return ""  # an attachment of an archive, or the corpus is on another machine
    place = {"article": article.id, "start": cited.start, "end": cited.stop}
    return f".{PAGE_IMAGE}?{urlencode({**place, 'version': article.version[:12]})}"


def _quoted_page(article: Article, cited: range, *, ocr: str) -> QuotedPage | None:
    """The page with these words; None if the format has no pages, or none has them.

    `ocr` has the languages of pages that are pictures.
    """
    block = article.block_at(cited.start) if cited else None
    if block is None or block.page is None:
        return None
    end = min(cited.stop, block.end)
    on_page = [one for one in article.blocks if one.page == block.page]
    first, last = on_page[0].start, on_page[-1].end
    return QuotedPage(
        file=article.id,
        version=article.version,
        page=block.page,
        quote=article.text[cited.start : end],
        before=article.text[max(first, cited.start - _AROUND) : cited.start],
        after=article.text[end : min(last, end + _AROUND)],
        ocr="" if block.recognised is None else ocr,
    )
