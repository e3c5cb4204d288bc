"""Addresses of indexes, as written in settings and on the command line."""

from __future__ import annotations

import subprocess
import sys
import traceback
from pathlib import Path

import pytest

from pullquote.schema.errors import SettingsError
from pullquote.schema.index_address import parse_address
from pullquote.schema.settings import load_settings
from pullquote_milvus.address import MilvusAddress


@pytest.mark.parametrize(
    ("written", "uri", "shown"),
    [
        ("milvus://db/news", "http://db:19530", "milvus://db:19530/news"),
        ("milvus://db:7/news", "http://db:7", "milvus://db:7/news"),
        ("milvus+tls://db:7/news", "https://db:7", "milvus+tls://db:7/news"),
        ("MILVUS://DB/News", "http://db:19530", "milvus://db:19530/News"),
        ("milvus://[::1]/news", "http://[::1]:19530", "milvus://[::1]:19530/news"),
        ("milvus://db/desk/news", "http://db:19530", "milvus://db:19530/desk/news"),
        ("milvus+lite:a/b.db", "a/b.db", "milvus+lite:a/b.db"),
        ("milvus+lite:///a/b.db", "/a/b.db", "milvus+lite:/a/b.db"),
    ],
)
def test_an_address_is_read(written: str, uri: str, shown: str) -> None:
    """An address is parsed for the client; the displayed form parses to the same address."""
    address = load_settings(index=written).index
    assert isinstance(address, MilvusAddress)
    assert (address.uri, str(address)) == (uri, shown)
    assert parse_address(shown) == address


@pytest.mark.parametrize("written", ["index", "milvus", "./milvus:x", "C:\\index", "db:19530/news"])
def test_everything_else_is_a_folder(written: str) -> None:
    """Text that only resembles an address is a folder."""
    assert load_settings(index=written).index == Path(written)


def test_an_address_may_hold_a_user_and_a_password() -> None:
    """User and password are written as in any URL, and never shown."""
    address = load_settings(index="milvus://desk:p%40ss%2Fword@db/news").index
    assert isinstance(address, MilvusAddress)
    assert address.user == "desk"
    assert address.password is not None
    assert address.password.get_secret_value() == "p@ss/word"
    assert "p@ss" not in f"{address!r} {address} {load_settings(index=str(address))!r}"


@pytest.mark.parametrize(
    "written",
    [
        "milvus://desk:s3cret@db",
        "milvus://desk:s3cret@/news",
        "milvus://desk:s3cret@db:port/news",
        "milvus://desk:s3cret@db:99999999/news",
        "milvus://desk:s3cret@db/a/b/c",
        "milvus://desk:s3cret@db/ne-ws",
        "milvus://desk:s3cret@db/news_lock",
        "milvus://desk:s3cret@db/news?x=1",
        "milvus://desk:s3cret@[db/news",
        "milvus+ssl://desk:s3cret@db/news",
        "milvus:desk:s3cret@db/news",
        "milvus+lite:s3cret",
    ],
)
@pytest.mark.parametrize("by", ["argument", "environment"])
def test_what_is_no_address_is_refused_without_its_secret(
    written: str, by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error says how to write one, and neither it nor its traceback repeats a password."""
    if by == "environment":
        monkeypatch.setenv("PULLQUOTE_INDEX", written)
    with pytest.raises(SettingsError, match="milvus") as caught:
        load_settings(**({"index": written} if by == "argument" else {}))
    message = "".join(traceback.format_exception(caught.value))
    assert "s3cret" not in message


def test_secrets_are_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings from the environment contain secrets and never show them."""
    monkeypatch.setenv("PULLQUOTE_MILVUS_PASSWORD", "s3cret-one")
    monkeypatch.setenv("PULLQUOTE_MILVUS_TOKEN", "s3cret-two")
    settings = load_settings(index="milvus://db/news")
    assert settings.milvus_password is not None
    assert settings.milvus_password.get_secret_value() == "s3cret-one"
    assert "s3cret" not in f"{settings!r} {settings} {settings.model_dump()}"


NO_CLIENT = """
import sys
sys.modules["pymilvus"] = None  # as if it were not installed
import pullquote
try:
    pullquote.stats(sys.argv[1])
except pullquote.ExtraMissing as error:
    print(error)
else:
    print("read")
"""


@pytest.mark.parametrize("index", ["milvus://127.0.0.1:1/news", "milvus+lite:never.db"])
def test_without_the_client_the_extra_is_named(index: str, tmp_path: Path) -> None:
    """The error has the command that installs it; nothing is connected or made."""
    done = subprocess.run(
        [sys.executable, "-c", NO_CLIENT, index],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert done.stdout == (
        f"The index at {load_settings(index=index).index} needs packages that are not installed. "
        'Run: pip install "pullquote[milvus]"\n'
    )
    assert list(tmp_path.iterdir()) == []
