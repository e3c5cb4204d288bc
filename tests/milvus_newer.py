"""A proxy in front of milvus-lite that imitates Milvus 2.6 where its protocol differs.

It reports version 2.6. It takes the values of an expression separately from it, and refuses an
expression without its values, with Milvus's message. For a missing collection it returns the error
that 2.6 returns from its cache. It replaces a graph index by the exact one, because lite's graph
loses rows under a filter and Milvus's does not. This tests the requests, but not how 2.6 answers
them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import grpc

from milvus_servers import HERE
from pullquote_milvus.client.conditions import literal

VERSION = "v2.6.4"
_MOST_BYTES = 1 << 28
_LONGEST = 120.0
_OPTIONS = [(f"grpc.max_{way}_message_length", _MOST_BYTES) for way in ("send", "receive")]
_NO_COLLECTION, _NO_COLLECTION_BEFORE, _NO_VALUE = 100, 4, 1100

Ask = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Newer:
    """The proxy's address; it needs no credentials."""

    address: str
    credentials: Mapping[str, str] = field(default_factory=dict)


@contextmanager
def newer_before(port: int) -> Iterator[Newer]:
    """Run a proxy in front of the milvus-lite at a port."""
    with (
        grpc.insecure_channel(f"{HERE}:{port}", _OPTIONS) as to,
        ThreadPoolExecutor(16) as threads,
    ):
        server = grpc.server(threads, options=_OPTIONS)
        proxy = Newer(f"milvus://{HERE}:{server.add_insecure_port(f'{HERE}:0')}")
        server.add_generic_rpc_handlers([_ForwardingHandler(to)])
        server.start()
        yield proxy
        server.stop(grace=None).wait()


class _ForwardingHandler(grpc.GenericRpcHandler):  # type: ignore[misc]
    """Forwards every call, and changes some."""

    def __init__(self, to: grpc.Channel) -> None:
        self._to = to

    def service(self, details: Any) -> Any:
        """The handler of a call."""
        call = self._to.unary_unary(details.method)
        name = details.method.rpartition("/")[2]

        def answer(request: bytes, context: Any) -> bytes:
            try:
                ask = partial(call, timeout=min(context.time_remaining(), _LONGEST))
                return _CHANGED[name](request, ask) if name in _CHANGED else ask(request)
            except grpc.RpcError as error:
                context.abort(error.code(), error.details())
                raise

        return grpc.unary_unary_rpc_method_handler(answer)


def _version(request: bytes, ask: Ask) -> bytes:
    from pymilvus.grpc_gen import milvus_pb2 as kinds  # noqa: PLC0415 - not installed everywhere

    answer = kinds.GetVersionResponse.FromString(ask(request))
    answer.version = VERSION
    return bytes(answer.SerializeToString())


def _connect(request: bytes, ask: Ask) -> bytes:
    from pymilvus.grpc_gen import milvus_pb2 as kinds  # noqa: PLC0415

    answer = kinds.ConnectResponse.FromString(ask(request))
    answer.server_info.build_tags = VERSION
    return bytes(answer.SerializeToString())


def _described(request: bytes, ask: Ask) -> bytes:
    from pymilvus.grpc_gen import milvus_pb2 as kinds  # noqa: PLC0415

    answer = kinds.DescribeCollectionResponse.FromString(ask(request))
    if answer.status.code == _NO_COLLECTION:
        answer.status.code = 0
        answer.status.error_code = _NO_COLLECTION_BEFORE
    return bytes(answer.SerializeToString())


def _index(request: bytes, ask: Ask) -> bytes:
    from pymilvus.grpc_gen import milvus_pb2 as kinds  # noqa: PLC0415

    asked = kinds.CreateIndexRequest.FromString(request)
    for pair in asked.extra_params:
        if pair.key == "index_type" and pair.value == "HNSW":
            pair.value = "FLAT"
    return ask(asked.SerializeToString())


def _with_values(kind: str, answered: str, expression: str) -> Callable[[bytes, Ask], bytes]:
    """Inserts the values into the expression of a request of that kind."""

    def change(request: bytes, ask: Ask) -> bytes:
        from pymilvus.grpc_gen import milvus_pb2 as kinds  # noqa: PLC0415

        asked = getattr(kinds, kind).FromString(request)
        values = {name: literal(_plain(v)) for name, v in asked.expr_template_values.items()}
        written = getattr(asked, expression)
        missing = set(re.findall(r"\{(\w+)\}", written)) - values.keys()
        if missing:
            answer = getattr(kinds, answered)()
            answer.status.code = answer.status.error_code = 1
            answer.status.code = _NO_VALUE
            answer.status.reason = (
                f"the value of expression template variable name {{{min(missing)}}} is not found"
            )
            return bytes(answer.SerializeToString())
        setattr(asked, expression, written.format_map(values))
        asked.ClearField("expr_template_values")
        return ask(asked.SerializeToString())

    return change


def _plain(value: Any) -> Any:
    """The Python value of a template value."""
    which = value.WhichOneof("val")
    if which != "array_val":
        return getattr(value, which)
    array = value.array_val
    return list(getattr(array, array.WhichOneof("data")).data)


_CHANGED: dict[str, Callable[[bytes, Ask], bytes]] = {
    "GetVersion": _version,
    "Connect": _connect,
    "DescribeCollection": _described,
    "CreateIndex": _index,
    "Query": _with_values("QueryRequest", "QueryResults", "expr"),
    "Search": _with_values("SearchRequest", "SearchResults", "dsl"),
    "Delete": _with_values("DeleteRequest", "MutationResult", "expr"),
}
