"""All settings of pullquote with their defaults, in one frozen model.

A value comes from the first of these that has it: the caller or the command line, the environment
(`PULLQUOTE_ENCODER=…`, `PULLQUOTE_LIMITS__SECONDS=…`), `pullquote.toml` in the working folder, the
defaults.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from platformdirs import user_cache_path
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    FilePath,
    InstanceOf,
    PlainSerializer,
    SecretStr,
    ValidationError,
)
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from pullquote.address import BackendAddress, parse_address
from pullquote.errors import SettingsError
from pullquote.fusion import Fusion
from pullquote.limits import Limits
from pullquote.renamed_settings import RenamedSettings
from pullquote.setting_types import (
    EmbeddingChoice,
    FieldName,
    Names,
    check_networks,
    default_processes,
)

DenseType = Literal["auto", "flat", "rabitq"]
"""Search every vector, or by one-bit codes; auto decides by their number."""

MilvusLexical = Literal["auto", "require"]


class Settings(BaseSettings):
    """The settings. Immutable: make another object to change a value."""

    model_config = SettingsConfigDict(
        env_prefix="PULLQUOTE_",
        env_nested_delimiter="__",
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,  # an address may contain a password
    )

    corpus: Path = Field(Path("corpus"), description="folder of articles")
    index: Annotated[
        Path | InstanceOf[BackendAddress],
        NoDecode,
        BeforeValidator(parse_address),
        PlainSerializer(str, return_type=str, when_used="json"),
    ] = Field(
        Path("index"),
        description="folder of the index, or its address with a backend, such as a Milvus server: "
        "milvus://host:19530/archive",
    )
    fields: dict[FieldName, str] = Field(
        default_factory=dict,
        description="fields of JSON, CSV and Parquet exports that are not recognised by name: "
        '{body = "story.text"}; dots lead into objects',
    )

    limits: Limits = Field(
        default_factory=Limits,
        description="limits on reading a file, each a setting: {seconds = 300}",
    )
    removals_at_most: float = Field(
        0.5,
        ge=0,
        le=1,
        description="share of the index's articles that a rebuild may remove without consent, "
        "where those are ten or more; 1 allows any number",
    )
    reading_processes: int = Field(
        default_factory=default_processes,
        ge=0,
        le=256,
        description="processes that parse files while this one embeds; 0 parses them here, where a "
        "file that crashes its parser ends everything",
    )

    encoder: str = Field(
        "all-MiniLM-L6-v2",
        description="sentence-transformers model, by name or path; the default ships in a package",
    )
    # 4, 8 and 16 are alike on two cores; 32 embeds a seventh fewer a second.
    batch_size: int = Field(8, ge=1, description="passages embedded at a time")
    cache: Path = Field(
        default_factory=lambda: user_cache_path("pullquote"),
        description="folder for exported models; made when first needed, can be deleted",
    )

    passage_tokens: int = Field(
        160, ge=16, le=512, description="length of a passage, in tokens of the encoder"
    )
    overlap_sentences: int = Field(
        1, ge=0, le=4, description="sentences that neighbouring passages share"
    )

    embedding_backend: str | None = Field(
        None,
        min_length=1,
        description="installed backend that reads and embeds articles, NAME or NAME:ADDRESS; "
        "unset: this process, or the cluster in the setting ray",
    )
    ray: str | None = Field(
        None,
        min_length=1,
        description="Ray cluster that reads and embeds articles: local (on this machine, for the "
        "time of a rebuild), auto, HOST:PORT or ray://HOST:PORT; unset: none",
    )
    ray_actors: int | None = Field(
        None, ge=1, le=10_000, description="actors on it; unset: as many as fit on its nodes"
    )
    ray_cpus: int = Field(1, ge=1, description="CPUs of each actor")
    ray_gpus: float = Field(
        0, ge=0, le=1, description="GPUs of each actor, which then embeds with torch on one"
    )

    dense: DenseType = Field(
        "auto",
        description="search of vectors: flat (each, in memory), rabitq (by one-bit codes, with the "
        "results scored exactly), or auto: rabitq from 50,000 passages on",
    )
    candidates: int = Field(
        50, ge=1, le=1000, description="hits of each search before they are fused"
    )
    fusion: Fusion = Field(
        Fusion.RECIPROCAL_RANK,
        description=f"how the hits of both searches are combined: {' or '.join(Fusion)}",
    )
    rrf_k: int = Field(
        5,
        ge=1,
        description="the constant of reciprocal-rank fusion: the smaller, the more the first hits "
        "of one search count that the other did not find",
    )
    hits: int = Field(10, ge=1, le=1000, description="hits returned and read for a question")

    reranker: str | None = Field(
        None,
        description="cross-encoder that reorders the hits, by name or path; unset: none",
    )
    reranked: int = Field(30, ge=1, le=1000, description="hits that the reranker reorders")

    reader: str = Field(
        "packaged",
        description="packaged, sentences, or a question-answering model by name or path",
    )
    answers: int = Field(5, ge=1, le=50, description="answers returned for a question")
    wrong_at_most: float = Field(
        0.2,
        gt=0,
        lt=1,
        description="share of the given answers that may be wrong; a smaller one withholds more",
    )
    question_chars: int = Field(1000, ge=1, description="longest question, in characters")

    milvus_user: str | None = Field(None, description="user name on the Milvus server")
    milvus_password: SecretStr | None = Field(None, description="that user's password")
    milvus_token: SecretStr | None = Field(
        None, description="token for the Milvus server, instead of a user and a password"
    )
    milvus_ca: FilePath | None = Field(
        None, description="certificate that proves who a Milvus server with TLS is, in PEM"
    )
    milvus_seconds: float = Field(
        10.0, gt=0, le=600, description="seconds that the Milvus server may take to answer"
    )
    milvus_lexical: MilvusLexical = Field(
        "auto",
        description="search by words too if the Milvus server can (2.5 or later): auto; or "
        "require, which refuses a server that cannot",
    )
    milvus_cache_seconds: float = Field(
        600.0,
        ge=0,
        description="how many seconds a generation in Milvus stays readable after the next one is "
        "published, for readers that still use it",
    )

    host: str = Field("127.0.0.1", description="address the web chat listens on")
    port: int = Field(7860, ge=0, le=65535, description="port of the web chat")
    allowed_hosts: Names = Field(
        (),
        description="host names of the web chat, besides IP addresses, localhost and the machine's "
        "own name; * allows any",
    )
    user: str | None = Field(
        None, min_length=1, description="user of the web chat, with the password"
    )
    password: SecretStr | None = Field(
        None, min_length=8, description="password of the web chat, its API and its MCP server"
    )
    proxy_header: str | None = Field(
        None,
        min_length=1,
        description="header with the user's name, from a proxy that asks for the password itself; "
        "accepted from trusted_proxies alone, or from anyone while those are unset",
    )
    trusted_proxies: Annotated[Names, AfterValidator(check_networks)] = Field(
        (),
        description="addresses or networks of the proxies whose X-Forwarded-For, -Proto and -Host "
        "headers are used; those of others are dropped",
    )
    connections_per_address: int = Field(
        400,
        ge=1,
        description="connections of one address (IPv6: one /64) with the web chat; an open page "
        "has two, so 400 are enough for 200 pages and leave half of all 800 to others",
    )
    without_password: bool = Field(
        False, description="no password even where other machines can reach the web chat"
    )
    body_bytes: int = Field(
        1_048_576, ge=1024, description="largest request to the web chat, in bytes"
    )
    update_at_start: bool = Field(
        True,
        description="bring the index up to date before the web chat answers; false where others "
        "rebuild it: the chat then opens it as it is, or as soon as it exists",
    )
    rebuild_from_chat: bool | None = Field(
        None,
        description="let the web chat's Corpus page rebuild the index; unset: only where no other "
        "machine can reach it and no proxy is set",
    )
    uploads: bool = Field(
        False, description="accept files on the Corpus page, into the folder uploads of the corpus"
    )
    upload_bytes: int = Field(67_108_864, ge=1024, description="largest uploaded file, in bytes")
    waiting: int = Field(
        50, ge=0, description="questions that may wait in the web chat; others are refused as busy"
    )
    question_seconds: float = Field(
        60.0,
        gt=0,
        description="longest search and longest reading for a question in the web chat, each in "
        "seconds; then the question fails",
    )

    @property
    def embedding(self) -> EmbeddingChoice | None:
        """The backend that reads and embeds articles; None: this process. `ray` has precedence."""
        if self.ray is not None:
            return EmbeddingChoice("ray", self.ray)
        if self.embedding_backend is None:
            return None
        name, _, address = self.embedding_backend.partition(":")
        return EmbeddingChoice(name, address)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The sources of values, strongest first."""
        toml_settings = TomlConfigSettingsSource(settings_cls, Path("pullquote.toml"))
        sources = init_settings, env_settings, toml_settings
        return tuple(map(RenamedSettings, sources))


def load_settings(**given: object) -> Settings:
    """The settings, with those given here; None leaves a setting as it is.

    Raises:
        SettingsError: a value from any source is invalid.
    """
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise SettingsError(f"A setting cannot be used: {faults}") from error
    except ValueError as error:  # from tomllib, or for text that is not UTF-8
        raise SettingsError(f"pullquote.toml cannot be read: {error}") from error
