"""All settings of pullquote with their defaults, in one frozen model.

Each value is taken from the first of these sources that sets it: the caller or the command line;
the environment (`PULLQUOTE_ENCODER=…`, `PULLQUOTE_LIMITS__SECONDS=…`); `pullquote.toml` in the
working folder; the defaults.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from platformdirs import user_cache_path
from pydantic import Field, FilePath, SecretStr
from pydantic_settings import NoDecode

from pullquote.schema.errors import SettingsError
from pullquote.schema.file_limits import EditionBounds, Limits
from pullquote.schema.fusion import Fusion
from pullquote.schema.setting_sources import SettingsFromSources
from pullquote.schema.setting_types import (
    DenseType,
    EmbeddingChoice,
    FieldName,
    IndexAddress,
    Names,
    NetworkNames,
    OcrLanguages,
    Precision,
    ReaderName,
    SourceFolder,
    default_processes,
)

MilvusLexical = Literal["auto", "require"]
LogChoice = Literal["off", "text", "json"]


class Settings(SettingsFromSources):
    """The settings. They are immutable: to change a value, make a new object."""

    corpus: Path = Field(Path("corpus"), description="folder of articles")
    index: Annotated[IndexAddress, NoDecode] = Field(
        Path("index"),
        description="folder of the index, or its address if a backend stores it, such as a Milvus "
        "server: milvus://host:19530/archive",
    )
    fields: dict[FieldName, str] = Field(
        default_factory=dict,
        description="fields of JSON, CSV and Parquet exports that are not recognised by name: "
        '{body = "story.text"}; a dot leads into an object',
    )
    source_from_folder: SourceFolder = Field(
        "off",
        description="folder whose name is the source of articles that name none: top (the first "
        "folder below the corpus: post for post/may/a.txt), parent (the folder that the file is "
        "in: may) or off; uploads and folders inside an archive do not count. Without such a "
        "folder, the site of the article's web address is the source",
    )

    ocr: OcrLanguages = Field(
        "", description="languages in which Tesseract reads pictures of PDF pages, such as eng+deu"
    )
    limits: Limits = Field(Limits(), description="limits on reading one file: {seconds = 300}")
    removals_at_most: float = Field(
        0.5,
        ge=0,
        le=1,
        description="largest share of the index's articles that a rebuild may remove without "
        "consent; checked only if ten or more would be removed; 1 allows any number",
    )
    editions: EditionBounds = Field(EditionBounds(), description="earlier editions: {most = 0}")
    reading_processes: int = Field(
        default_factory=default_processes,
        ge=0,
        le=256,
        description="processes that parse files while this process embeds; with 0 this process "
        "parses them itself, and a file that crashes its parser ends the rebuild",
    )

    encoder: str = Field(
        "all-MiniLM-L6-v2",
        description="sentence-transformers model, by name or path; the default ships as a package",
    )
    encoder_precision: Precision | None = Field(
        None, description="int8 (default encoder only) or float32; unset: as the index, else int8"
    )
    # On two cores, 4, 8 and 16 are equally fast; 32 is a seventh slower.
    batch_size: int = Field(8, ge=1, description="passages embedded at a time in float32")
    cache: Path = Field(
        default_factory=lambda: user_cache_path("pullquote"),
        description="folder for exported models; created when first needed, and safe to delete",
    )

    passage_tokens: int = Field(160, ge=16, le=512, description="length of a passage, in tokens")
    overlap_sentences: int = Field(1, ge=0, le=4, description="sentences that neighbours share")

    embedding_backend: str | None = Field(
        None,
        min_length=1,
        description="installed backend that reads and embeds articles, as NAME or NAME:ADDRESS; if "
        "unset, this process does, or the cluster in the setting ray",
    )
    ray: str | None = Field(
        None,
        min_length=1,
        description="Ray cluster that reads and embeds articles: local (started on this machine "
        "for each rebuild), auto, HOST:PORT or ray://HOST:PORT; unset: none",
    )
    ray_actors: int | None = Field(
        None, ge=1, le=10_000, description="actors on the Ray cluster; unset: as many as fit"
    )
    ray_cpus: int = Field(1, ge=1, description="CPUs of each actor")
    ray_gpus: float = Field(
        0, ge=0, le=1, description="GPUs of each actor; above 0, it embeds on a GPU, in float32"
    )

    dense: DenseType = Field(
        "auto",
        description="vector search: flat (all vectors, in memory), rabitq (one-bit codes, with the "
        "results scored exactly), or auto (rabitq for 50,000 passages or more)",
    )
    candidates: int = Field(
        50, ge=1, le=1000, description="hits that each search contributes to the fusion"
    )
    fusion: Fusion = Field(
        Fusion.RECIPROCAL_RANK,
        description=f"how the hits of both searches are combined: {' or '.join(Fusion)}",
    )
    rrf_k: int = Field(
        5,
        ge=1,
        description="the constant of reciprocal-rank fusion; the smaller it is, the more a "
        "search's first hits count, even if the other search did not find them",
    )
    hits: int = Field(10, ge=1, le=1000, description="hits returned and read for a question")

    reranker: str | None = Field(
        None,
        description="cross-encoder that reorders the hits, by name or path; unset: none",
    )
    reranked: int = Field(30, ge=1, le=1000, description="hits that the reranker reorders")

    reader: ReaderName = Field(
        "thorough",
        description="thorough (a large network reads the best places again), fast (a small one "
        "alone), sentences, or a question-answering model by name or path",
    )
    answers: int = Field(5, ge=1, le=50, description="answers returned for a question")
    wrong_at_most: float = Field(
        0.1,
        gt=0,
        lt=1,
        description="largest acceptable share of wrong answers; a smaller share withholds more",
    )
    watchlist: Path | None = Field(
        None, description="folder of the standing questions; unset: the folder of the index"
    )
    question_chars: int = Field(1000, ge=1, description="longest question, in characters")

    milvus_user: str | None = Field(None, description="user name on the Milvus server")
    milvus_password: SecretStr | None = Field(None, description="that user's password")
    milvus_token: SecretStr | None = Field(
        None, description="token for the Milvus server, instead of a user and a password"
    )
    milvus_ca: FilePath | None = Field(
        None, description="PEM certificate that proves the identity of a Milvus server with TLS"
    )
    milvus_seconds: float = Field(
        10.0, gt=0, le=600, description="seconds that the Milvus server may take to answer"
    )
    milvus_lexical: MilvusLexical = Field(
        "auto",
        description="auto: also search by words if the Milvus server can (2.5 or later); require: "
        "refuse a server that cannot",
    )
    milvus_cache_seconds: float = Field(
        600.0,
        ge=0,
        description="seconds for which a generation in Milvus stays readable after the next one is "
        "published, for processes that still use it",
    )

    host: str = Field("127.0.0.1", description="address the web chat listens on")
    port: int = Field(7860, ge=0, le=65535, description="port of the web chat")
    allowed_hosts: Annotated[Names, NoDecode] = Field(
        (),
        description="host names by which the web chat may be opened, besides IP addresses, "
        "localhost and the machine's own name; * allows any",
    )
    user: str | None = Field(
        None, min_length=1, description="user name for the web chat; set it with the password"
    )
    password: SecretStr | None = Field(
        None, min_length=8, description="password of the web chat, its API and its MCP server"
    )
    proxy_header: str | None = Field(
        None,
        min_length=1,
        description="header with the user's name, set by a proxy that itself asks for the "
        "password; accepted only from trusted_proxies, or from anyone if that is unset",
    )
    trusted_proxies: Annotated[NetworkNames, NoDecode] = Field(
        (),
        description="addresses or networks of the proxies whose X-Forwarded-For, -Proto and -Host "
        "headers are used; from other clients, these headers are dropped",
    )
    connections_per_address: int = Field(
        400,
        ge=1,
        description="connections to the web chat from one address (IPv6: one /64); an open page "
        "has two, so 400 are enough for 200 pages and are half of all 800",
    )
    without_password: bool = Field(
        False, description="require no password even if other machines can reach the web chat"
    )
    body_bytes: int = Field(
        1_048_576, ge=1024, description="largest request to the web chat, in bytes"
    )
    update_at_start: bool = Field(
        True,
        description="bring the index up to date when the web chat starts; if something else "
        "rebuilds it, set false: the chat then opens the index unchanged, or waits for one",
    )
    rebuild_from_chat: bool | None = Field(
        None,
        description="let the web chat's Corpus page rebuild the index; unset: only if no other "
        "machine can reach the chat and no proxy is set",
    )
    uploads: bool = Field(
        False, description="accept files on the Corpus page, stored in the corpus's folder uploads"
    )
    upload_bytes: int = Field(67_108_864, ge=1024, description="largest uploaded file, in bytes")
    fetch_links: bool = Field(
        True, description="where uploads are accepted, also fetch articles by their web addresses"
    )
    link_networks: Annotated[NetworkNames, NoDecode] = Field(
        (), description="networks that are not public, but where pages may be fetched: 10.1.0.0/16"
    )
    log: LogChoice = Field(
        "off",
        description="what the web chat logs to standard error: off, or one line for each request "
        "and each search or answer, as text or json; never an address's query or a client",
    )
    log_questions: bool = Field(False, description="also log the questions that are asked")
    metrics: bool = Field(
        False,
        description="serve metrics for Prometheus at /metrics, behind the password; needs the "
        "extra metrics",
    )
    waiting: int = Field(
        50, ge=0, description="questions that may wait in the web chat; more are refused as busy"
    )
    question_seconds: float = Field(
        60.0,
        gt=0,
        description="longest time in seconds for searching, and for reading, in the web chat; "
        "after that, the question fails",
    )

    @property
    def embedding(self) -> EmbeddingChoice | None:
        """The backend that reads and embeds articles; None means this process.

        `ray` comes first.
        """
        if self.ray is not None:
            return EmbeddingChoice("ray", self.ray)
        if self.embedding_backend is None:
            return None
        name, _, address = self.embedding_backend.partition(":")
        return EmbeddingChoice(name, address)


def load_settings(**given: object) -> Settings:
    """The settings from all sources, with the values given here; None leaves a setting as it is.

    Raises:
        SettingsError: a value from any source is invalid.
    """
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except SettingsError:
        raise
    except ValueError as error:  # from tomllib, or because the text is not UTF-8
        raise SettingsError(f"pullquote.toml cannot be read: {error}") from error
