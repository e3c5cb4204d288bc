"""A model of a file system whose memory and device agree only after a sync.

It replays the log of faults.c, and computes what a power loss would leave at any moment.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

Tree = dict[str, bytes | None]
"""The files below a folder by relative path, with their bytes; None for a folder."""


@dataclass(frozen=True)
class Call:
    """A successful system call, as logged by faults.c."""

    number: int
    kind: str
    descriptor: int
    first: int
    path: Path
    other: Path
    content: bytes

    @property
    def changes(self) -> bool:
        """Whether it may change memory or the device."""
        return self.kind != "close" and (self.kind != "open" or bool(self.first & os.O_CREAT))


def read_log(file: Path) -> list[Call]:
    """The calls of a log, in order."""
    calls = []
    with file.open("rb") as stream:
        for line in stream:
            number, kind, descriptor, first, size, path, other = os.fsdecode(line)[:-1].split("\t")
            content, places = stream.read(int(size)), (Path(path), Path(other))
            calls.append(Call(int(number), kind, int(descriptor), int(first), *places, content))
    return calls


@dataclass(frozen=True, eq=False)
class Put:
    """Bytes written to a file at an offset; a gap before them is filled with zeros."""

    at: int
    content: bytes

    def apply(self, state: bytearray) -> None:
        """Apply the change."""
        state.extend(bytes(max(self.at - len(state), 0)))
        state[self.at : self.at + len(self.content)] = self.content


@dataclass(frozen=True, eq=False)
class Cut:
    """The truncation or extension of a file to a length."""

    size: int

    def apply(self, state: bytearray) -> None:
        """Apply the change."""
        del state[self.size :]
        state.extend(bytes(self.size - len(state)))


@dataclass(frozen=True, eq=False)
class Name:
    """Names that are added to a folder or (with None) removed, all at once."""

    names: dict[str, Node | None]

    def apply(self, state: dict[str, Node]) -> None:
        """Apply the change."""
        state.update(self.names)
        for name in [name for name, node in state.items() if node is None]:
            del state[name]


Change = Put | Cut | Name


class Node:
    """A file, whose state is bytes, or a folder, whose state is nodes by name."""

    def __init__(self, state: bytearray | dict[str, Node]) -> None:
        self.now, self._synced = state.copy(), state.copy()
        self._pending: list[Change] = []

    def change(self, change: Change) -> None:
        """Apply a change in memory."""
        change.apply(self.now)
        self._pending.append(change)

    def sync(self) -> None:
        """Make the device equal to memory."""
        self._synced = self.now.copy()
        self._pending.clear()

    def left(self, survives: Callable[[Change], bool]) -> bytearray | dict[str, Node]:
        """The state of the device, with those of the pending changes that reached it by chance."""
        state = self._synced.copy()
        for change in self._pending:
            if survives(change):
                change.apply(state)
        return state


class Disk:
    """The files below a folder, as changed by the replayed calls."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._top = _stored(root)
        self._open: dict[int, Node] = {}

    def replay(self, call: Call) -> None:
        """Replay a call."""
        match call.kind:
            case "open":
                self._open[call.descriptor] = self._opened(call)
            case "close":
                del self._open[call.descriptor]
            case "sync":
                self._open[call.descriptor].sync()
            case "write":
                self._open[call.descriptor].change(Put(call.first, call.content))
            case "cut":
                self._open[call.descriptor].change(Cut(call.first))
            case "mkdir":
                self._name({call.path: Node({})})
            case "unlink":
                self._name({call.path: None})
            case "link":
                self._name({call.other: self._find(call.path)})
            case "rename":
                self._name({call.path: None, call.other: self._find(call.path)})

    def left(self, survives: Callable[[Change], bool] = lambda _change: True) -> Tree:
        """The files after a power loss now, if only these unsynced changes reached the device.

        By default all did, which is what running processes see.
        """
        return dict(_walk(self._top, "", survives))

    def _opened(self, call: Call) -> Node:
        if call.first & os.O_CREAT and call.path.name not in self._find(call.path.parent).now:
            self._name({call.path: Node(bytearray())})
        node = self._find(call.path)
        if call.first & os.O_TRUNC and node.now:
            node.change(Cut(0))
        return node

    def _find(self, path: Path) -> Node:
        node = self._top
        for name in path.relative_to(self._root).parts:
            node = node.now[name]
        return node

    def _name(self, nodes: dict[Path, Node | None]) -> None:
        [folder] = {path.parent for path in nodes}  # none is renamed into another folder
        self._find(folder).change(Name({path.name: node for path, node in nodes.items()}))


def _stored(path: Path) -> Node:
    if path.is_dir():
        return Node({one.name: _stored(one) for one in path.iterdir()})
    return Node(bytearray(path.read_bytes()))


def _walk(
    folder: Node, path: str, survives: Callable[[Change], bool]
) -> Iterator[tuple[str, bytes | None]]:
    for name, node in sorted(folder.left(survives).items()):
        inside = f"{path}{name}"
        if isinstance(node.now, dict):
            yield inside, None
            yield from _walk(node, f"{inside}/", survives)
        else:
            yield inside, bytes(node.left(survives))


def read_tree(root: Path) -> Tree:
    """The files below a folder."""
    return Disk(root).left()


def write_tree(root: Path, tree: Tree) -> None:
    """Make a folder contain exactly these files."""
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir()
    for path, content in tree.items():
        if content is None:
            (root / path).mkdir()
        else:
            (root / path).write_bytes(content)
