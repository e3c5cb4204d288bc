"""The address of an index on a Milvus server, or in a file of milvus-lite."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar
from urllib.parse import SplitResult, unquote, urlsplit

from pydantic import SecretStr

from pullquote.address import BackendAddress

PORT = 19530
"""Milvus's own."""

_SCHEMES = {"milvus": False, "milvus+tls": True}
_LITE = "milvus+lite"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
"""Milvus's names are letters, digits and underscores, 255 at the most; ours get endings."""

_FORMS = "milvus://host:19530/archive, milvus+tls://host:19530/archive or milvus+lite:archive.db"


@dataclass(frozen=True, slots=True)
class MilvusAddress(BackendAddress):
    """A server and the name that all collections of an index there begin with.

    Where `file` is given there is no server: milvus-lite keeps everything in it. `str` gives the
    address without what is secret.
    """

    scheme: ClassVar[str] = "milvus"

    name: str
    host: str = ""
    port: int = PORT
    tls: bool = False
    database: str = ""
    user: str | None = None
    password: SecretStr | None = None
    file: Path | None = None

    @property
    def uri(self) -> str:
        """The server's address as Milvus's client takes it."""
        if self.file is not None:
            return str(self.file)
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}"

    def __str__(self) -> str:
        if self.file is not None:
            return f"{_LITE}:{self.file}"
        scheme = "milvus+tls" if self.tls else "milvus"
        host = f"[{self.host}]" if ":" in self.host else self.host
        database = f"{self.database}/" if self.database else ""
        return f"{scheme}://{host}:{self.port}/{database}{self.name}"


def parse_address(written: str) -> MilvusAddress:
    """The address that is written.

    Raises:
        ValueError: it cannot be used; the message repeats no secret.
    """
    scheme, _, rest = written.partition(":")
    scheme = scheme.lower()
    if scheme == _LITE:
        return _lite(rest)
    if scheme not in _SCHEMES or not rest.startswith("//"):
        raise ValueError(f"an address of Milvus begins with milvus:// and is like {_FORMS}")
    try:
        parts = urlsplit(written)
        return _server(parts, port=PORT if parts.port is None else parts.port)
    except ValueError as error:
        # urllib's message has the address in it, and that the password.
        why = str(error) if isinstance(error, _Unusable) else "its host or port cannot be read"
        raise ValueError(f"{why}; write it like {_FORMS}") from None


class _Unusable(ValueError):
    """An address that lacks something; the message has no secret."""


def _server(parts: SplitResult, *, port: int) -> MilvusAddress:
    *database, name = parts.path.strip("/").split("/")
    if not parts.hostname:
        raise _Unusable("the address of Milvus names no host")
    if len(database) > 1 or not all(_NAME.fullmatch(part) for part in (*database, name)):
        raise _Unusable(
            "the address of Milvus ends with a name of letters, digits and underscores, by which "
            "the index is known there"
        )
    if name.endswith("_lock"):
        raise _Unusable("an index is not called so that it ends with _lock, as the lock of one is")
    if parts.query or parts.fragment:
        raise _Unusable("the address of Milvus has no ? or #")
    return MilvusAddress(
        name=name,
        host=parts.hostname,
        port=port,
        tls=_SCHEMES[parts.scheme],
        database="".join(database),
        user=None if parts.username is None else unquote(parts.username),
        password=None if parts.password is None else SecretStr(unquote(parts.password)),
    )


def _lite(rest: str) -> MilvusAddress:
    path = Path(rest.removeprefix("//"))
    if path.suffix != ".db":
        raise ValueError(f"a file of milvus-lite ends with .db: {_LITE}:archive.db")
    return MilvusAddress(name="pullquote", file=path)
