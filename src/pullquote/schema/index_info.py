"""What an index contains, without anything about the machine that it is on."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict

from pullquote.schema.answer import SearchMode
from pullquote.schema.index_progress import IndexProgress


class IndexInfo(BaseModel):
    """Figures about the current generation; the counts are explained at `pullquote.Stats`.

    `encoder` is the model that made the vectors, and `pullquote` the version that made the index.
    `index_progress` is how much can be searched while the first build is not complete. `failed` is
    the number of files and records that could not be read. `damaged` says whether the
    previous generation answers because the current one is damaged.
    """

    model_config = ConfigDict(frozen=True)

    generation: str
    created: datetime
    pullquote: str
    encoder: str
    articles: int
    passages: int
    searched: SearchMode
    roles: dict[str, int]
    sources: dict[str, int]
    sections: dict[str, int]
    languages: dict[str, int]
    kinds: dict[str, int]
    first_day: date | None
    last_day: date | None
    undated: int
    copies: int
    copy_groups: int
    index_progress: IndexProgress | None = None
    failed: int
    damaged: bool
