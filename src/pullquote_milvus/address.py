"""The address of an index on a Milvus server, or in a file of milvus-lite."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar
from urllib.parse import SplitResult, unquote, urlsplit

from pydantic import SecretStr

from pullquote.schema.index_address import BackendAddress

PORT = 19530
"""Milvus's default port."""

_SCHEMES = {"milvus": False, "milvus+tls": True}
"""The schemes of servers, and whether each uses TLS."""

_LITE = "milvus+lite"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
"""The name of an index. Milvus allows 255 letters, digits and underscores, but we append
suffixes."""

_FORMS = "milvus://host:19530/archive, milvus+tls://host:19530/archive or milvus+lite:archive.db"


@dataclass(frozen=True, slots=True)
class MilvusAddress(BackendAddress):
    """A server, and the prefix of all collections of an index there.

    If `file` is set, there is no server: milvus-lite stores everything in that file. `str` returns
    the address without secrets.
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
        """The server's address in the form that Milvus's client expects."""
        if self.file is not None:
            return str(self.file)
        return f"{'https' if self.tls else 'http'}://{self._host_and_port}"

    @property
    def _host_and_port(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    def __str__(self) -> str:
        if self.file is not None:
            return f"{_LITE}:{self.file}"
        scheme = "milvus+tls" if self.tls else "milvus"
        database = f"{self.database}/" if self.database else ""
        return f"{scheme}://{self._host_and_port}/{database}{self.name}"


def parse_address(written: str) -> MilvusAddress:
    """Parse an address.

    Raises:
        ValueError: the address cannot be used; the message contains no secret.
    """
    scheme, _, rest = written.partition(":")
    scheme = scheme.lower()
    if scheme == _LITE:
        return _lite(rest)
    if scheme not in _SCHEMES or not rest.startswith("//"):
        raise ValueError(f"a Milvus address looks like {_FORMS}")
    try:
        parts = urlsplit(written)
        return _server(parts, port=PORT if parts.port is None else parts.port)
    except ValueError as error:
        # urllib's message contains the address, and so the password.
        why = str(error) if isinstance(error, _InvalidAddress) else "its host or port is not valid"
        raise ValueError(f"{why}; write it like {_FORMS}") from None


class _InvalidAddress(ValueError):
    """An invalid address. The message contains no secret."""


def _server(parts: SplitResult, *, port: int) -> MilvusAddress:
    *database, name = parts.path.strip("/").split("/")
    if not parts.hostname:
        raise _InvalidAddress("the Milvus address has no host")
    if len(database) > 1 or not all(_NAME.fullmatch(part) for part in (*database, name)):
        raise _InvalidAddress(
            "the Milvus address must end with the name of the index, made of letters, digits and "
            "underscores"
        )
    if name.endswith("_lock"):
        raise _InvalidAddress("the name of an index cannot end with _lock, which marks a lock")
    if parts.query or parts.fragment:
        raise _InvalidAddress("the Milvus address cannot contain ? or #")
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
        raise ValueError(f"a milvus-lite file must end with .db, as in {_LITE}:archive.db")
    return MilvusAddress(name="pullquote", file=path)
