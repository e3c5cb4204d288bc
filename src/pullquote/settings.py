"""Every default of pullquote, in one frozen model.

A value comes from, in this order: the caller or the command line, the environment
(`PULLQUOTE_ENCODER=…`, `PULLQUOTE_LIMITS__SECONDS=…`), `pullquote.toml` in the working folder, the
defaults below.
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
from pullquote.setting_types import EmbeddingChoice, FieldName, Names, default_processes, networks

DenseType = Literal["auto", "flat", "rabitq"]
"""How vectors are searched: each, or by one-bit codes; auto decides by how many they are."""

MilvusLexical = Literal["auto", "require"]


class Settings(BaseSettings):
    """How pullquote works. Immutable: make another one to change a value."""

    model_config = SettingsConfigDict(
        env_prefix="PULLQUOTE_",
        env_nested_delimiter="__",
        toml_file="pullquote.toml",
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,  # an address may hold a password
    )

    corpus: Path = Field(Path("corpus"), description="folder of articles")
    index: Annotated[
        Path | InstanceOf[BackendAddress],
        NoDecode,
        BeforeValidator(parse_address),
        PlainSerializer(str, return_type=str, when_used="json"),
    ] = Field(
        Path("index"),
        description="folder of the index, or where a backend keeps it, as on a Milvus server: "
        "milvus://host:19530/archive",
    )
    fields: dict[FieldName, str] = Field(
        default_factory=dict,
        description="which field of JSON, CSV and Parquet exports says what, where its name does "
        'not tell: {body = "story.text"}; dots lead into objects',
    )

    limits: Limits = Field(
        default_factory=Limits,
        description="what reading a file may take, each a setting: {seconds = 300}",
    )
    removals_at_most: float = Field(
        0.5,
        ge=0,
        le=1,
        description="share of the index's articles that a rebuild removes without being told to, "
        "where those are ten or more; 1 removes any number",
    )
    reading_processes: int = Field(
        default_factory=default_processes,
        ge=0,
        le=256,
        description="processes that read files while this one embeds; 0 reads them here, where a "
        "file that crashes its reader ends everything",
    )

    encoder: str = Field(
        "all-MiniLM-L6-v2",
        description="sentence-transformers model, by name or path; the default ships in a package",
    )
    # 4, 8 and 16 are alike on two cores; 32 embeds a seventh fewer a second.
    batch_size: int = Field(8, ge=1, description="passages embedded at a time")
    cache: Path = Field(
        default_factory=lambda: user_cache_path("pullquote"),
        description="folder that keeps exported models; made when first needed, can be deleted",
    )

    passage_tokens: int = Field(160, ge=16, le=512, description="encoder tokens a passage aims for")
    overlap_sentences: int = Field(
        1, ge=0, le=4, description="sentences that neighbouring passages share"
    )

    embedding_backend: str | None = Field(
        None,
        min_length=1,
        description="installed backend by which articles are read and embedded, NAME or "
        "NAME:ADDRESS; unset: this process does it, or what the setting ray names",
    )
    ray: str | None = Field(
        None,
        min_length=1,
        description="Ray cluster on which articles are read and embedded: local (one of this "
        "machine, for the time of a rebuild), auto, HOST:PORT or ray://HOST:PORT; unset: none",
    )
    ray_actors: int | None = Field(
        None, ge=1, le=10_000, description="actors on it; unset: as many as its nodes have room for"
    )
    ray_cpus: int = Field(1, ge=1, description="CPUs of each actor")
    ray_gpus: float = Field(
        0, ge=0, le=1, description="GPUs of each actor, which then embeds on one, by torch"
    )

    dense: DenseType = Field(
        "auto",
        description="how vectors are searched: flat (each, in memory), rabitq (by one-bit codes, "
        "what they find scored exactly), or auto: rabitq from 50,000 passages on",
    )
    candidates: int = Field(
        50, ge=1, le=1000, description="hits asked of each retriever before they are fused"
    )
    fusion: Fusion = Field(
        Fusion.RECIPROCAL_RANK,
        description=f"how the hits of both searches are combined: {' or '.join(Fusion)}",
    )
    rrf_k: int = Field(
        5,
        ge=1,
        description="the constant of reciprocal-rank fusion: the smaller, the more the first hits "
        "of each search count, found by the other or not",
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
    answers: int = Field(5, ge=1, le=50, description="answers kept for a question")
    wrong_at_most: float = Field(
        0.2,
        gt=0,
        lt=1,
        description="share of the answers given that may be wrong; a smaller one withholds more",
    )
    question_chars: int = Field(1000, ge=1, description="longest question taken, in characters")

    milvus_user: str | None = Field(None, description="whom the Milvus server knows")
    milvus_password: SecretStr | None = Field(None, description="that user's password")
    milvus_token: SecretStr | None = Field(
        None, description="what the Milvus server takes in place of a user and a password"
    )
    milvus_ca: FilePath | None = Field(
        None, description="certificate by which a Milvus server with TLS is known, in PEM"
    )
    milvus_seconds: float = Field(
        10.0, gt=0, le=600, description="how long the Milvus server may take to answer a question"
    )
    milvus_lexical: MilvusLexical = Field(
        "auto",
        description="search by words too where the Milvus server can (2.5 or later): auto, or "
        "require, which refuses one that cannot",
    )
    milvus_kept_seconds: float = Field(
        600.0,
        ge=0,
        description="how long a generation in Milvus is kept after the next one took its place, so "
        "that those who still read it finish",
    )

    host: str = Field("127.0.0.1", description="address the web chat listens on")
    port: int = Field(7860, ge=0, le=65535, description="port of the web chat")
    allowed_hosts: Names = Field(
        (),
        description="names by which the web chat may be called, beside IP addresses, localhost and "
        "the machine's own name; * is any",
    )
    user: str | None = Field(
        None, min_length=1, description="whom the web chat lets in, with the password"
    )
    password: SecretStr | None = Field(
        None, min_length=8, description="asked for by the web chat, its API and its MCP server"
    )
    proxy_header: str | None = Field(
        None,
        min_length=1,
        description="header in which a proxy that asks for the password itself names whom it let "
        "in; taken from trusted_proxies alone, and while those are unset from anyone",
    )
    trusted_proxies: Annotated[Names, AfterValidator(networks)] = Field(
        (),
        description="addresses or networks of the proxies whose X-Forwarded-For, -Proto and -Host "
        "count; from others they are dropped",
    )
    connections_per_address: int = Field(
        400,
        ge=1,
        description="connections that one address may have with the web chat, an IPv6 address "
        "counted by its /64; an open page holds two, so 400 serve an office of 200 pages and leave "
        "half of all 800 to others",
    )
    without_password: bool = Field(
        False, description="let anyone in also where other machines can reach the web chat"
    )
    body_bytes: int = Field(
        1_048_576, ge=1024, description="largest request that the web chat takes, in bytes"
    )
    update_at_start: bool = Field(
        True,
        description="bring the index up to date before the web chat answers; false where others "
        "rebuild it: the chat then opens the index as it is, or as soon as there is one",
    )
    rebuild_from_chat: bool | None = Field(
        None,
        description="let the web chat's Corpus page rebuild the index; unset: where only this "
        "machine can reach it, and no proxy is named",
    )
    uploads: bool = Field(
        False, description="take files into the folder uploads of the corpus, on the Corpus page"
    )
    upload_bytes: int = Field(
        67_108_864, ge=1024, description="largest file that is taken so, in bytes"
    )
    waiting: int = Field(
        50, ge=0, description="questions that may wait in the web chat; to more it says busy"
    )
    question_seconds: float = Field(
        60.0,
        gt=0,
        description="how long the web chat may search for a question, and how long read for it; "
        "then it gives up",
    )

    @property
    def embedding(self) -> EmbeddingChoice | None:
        """By what articles are read and embedded; None: by this process. `ray` counts first."""
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
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings(**given: object) -> Settings:
    """The settings with what is given here on top; None leaves a setting as it is.

    Raises:
        SettingsError: a value, wherever it comes from, cannot be used.
    """
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise SettingsError(f"A setting cannot be used: {faults}") from error
    except ValueError as error:  # also what tomllib raises, and text that is not UTF-8
        raise SettingsError(f"pullquote.toml cannot be read: {error}") from error
