"""Models of a conversation: its questions, searched texts and replies.

A conversation can be saved as JSON, for example in a browser. Whoever can write to that storage
may have changed the JSON, so `Conversation.from_json` validates all of it.

Several versions of pullquote may share a conversation, for example as servers behind a load
balancer. So `Conversation.from_json` keeps unknown fields, and `to_json` writes them again. Only
`from_json` is lenient: elsewhere, the models reject unknown fields.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import fields
from datetime import UTC, date, datetime
from enum import StrEnum
from itertools import accumulate
from typing import Annotated, Any, Self, TypeVar

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    FailFast,
    Field,
    ModelWrapValidatorHandler,
    PrivateAttr,
    SerializerFunctionWrapHandler,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_serializer,
    model_validator,
)

from pullquote.conversation.completed import LONGEST_QUESTION, Completed, Filled
from pullquote.schema import Filters, QueryOptions, QuestionKind, Reply
from pullquote.schema.errors import ConversationUnreadable, SettingsError

AnyModel = TypeVar("AnyModel", bound=BaseModel)

_KNOWN_FILTERS = frozenset(one.name for one in fields(Filters))


def narrows(value: object) -> bool:
    """Whether an unknown filter narrows a question; null, false and empty values do not."""
    return not (value is None or value is False or value in ("", [], {}))


def add_unknown(written: dict[str, Any], model: BaseModel) -> None:
    """Add the unknown fields of a model and its nested models to its JSON."""
    for name in type(model).model_fields:
        value, inner = getattr(model, name), written.get(name)
        if isinstance(value, BaseModel) and isinstance(inner, dict):
            add_unknown(inner, value)
        elif isinstance(value, tuple) and isinstance(inner, list | tuple):
            for one, it in zip(value, inner, strict=False):
                if isinstance(one, BaseModel) and isinstance(it, dict):
                    add_unknown(it, one)
    written.update(model.model_extra or {})


def forget_unknown(model: AnyModel) -> AnyModel:
    """A copy of a model without unknown fields, including those in nested models."""
    known: dict[str, Any] = {}
    for name in type(model).model_fields:
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            known[name] = forget_unknown(value)
        elif isinstance(value, tuple):
            known[name] = tuple(
                forget_unknown(one) if isinstance(one, BaseModel) else one for one in value
            )
    copy = model.model_copy(update=known)
    _set_unknown(copy, None)
    return copy


def drop_empty(model: BaseModel) -> None:
    """Make a parsed model without unknown fields compare equal to one constructed in Python.

    A model parsed with `extra="allow"` has an empty dict of unknown fields instead of None.
    """
    for one in _models_in(model):
        if not one.model_extra:
            _set_unknown(one, None)


def _models_in(model: BaseModel) -> Iterator[BaseModel]:
    yield model
    for name in type(model).model_fields:
        value = getattr(model, name)
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, BaseModel):
                yield from _models_in(one)


def _set_unknown(model: BaseModel, fields: dict[str, Any] | None) -> None:
    object.__setattr__(model, "__pydantic_extra__", fields)  # the models are frozen


MAX_NOTE_CHARS = 5000
MAX_TITLE_CHARS = 200

Note = Annotated[str, Field(max_length=MAX_NOTE_CHARS)]
Title = Annotated[str, Field(max_length=MAX_TITLE_CHARS)]
ConversationId = Annotated[str, Field(max_length=64)]


class Rating(StrEnum):
    """Whether a person found a reply right or wrong."""

    RIGHT = "right"
    WRONG = "wrong"


VERSION = 1
"""The version of the JSON. It increases if a field changes its meaning, not if one is added."""

MOST_TURNS = 200
MOST_BYTES = 1_000_000
"""Maximum size of the JSON in UTF-8. A browser stores about 5 MB per site, 2 bytes a character."""

Words = Annotated[str, Field(max_length=LONGEST_QUESTION)]
Several = Annotated[tuple[Words, ...], Field(max_length=1000), FailFast()]


class Turn(BaseModel):
    """A question as typed, the text that was searched for, and the reply.

    `filled` lists the words in `searched` that come from earlier turns. `filters` are the filters
    of the search. `reply` is None if there was no reply. `asked` is the time, with a time zone.

    The other fields serve to ask the question again with changes. `given` holds the filters that
    were chosen separately from the question. `switched` holds the ids of chips that were turned on
    or off. `edited` is text that the person wrote to replace `searched`. `kind` and `as_of` are the
    kind and the day that the person chose. `as_typed` says whether the text was searched for as it
    is, `fast` whether it was read with the small network alone. For a question without an answer or
    without all of its keywords, `nowhere` has words that no article contains, and `not_near` those
    in no close passage. The person added `note` and `rating`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: Words
    searched: Words
    filled: Annotated[tuple[Filled, ...], Field(max_length=1000), FailFast()] = ()
    filters: Filters = Filters()
    given: Filters = Filters()
    switched: Several = ()
    edited: Words | None = None
    kind: QuestionKind | None = None
    as_typed: bool = False
    as_of: date | None = None
    fast: bool = False
    reply: Reply | None = None
    nowhere: Several = ()
    not_near: Several = ()
    note: Note = ""
    rating: Rating | None = None
    asked: AwareDatetime

    _unknown_filters: dict[str, dict[str, Any]] = PrivateAttr(default_factory=dict)
    _not_understood: dict[str, Any] | None = PrivateAttr(default=None)

    @property
    def unknown_filters(self) -> tuple[str, ...]:
        """Names of filters that narrowed the question but are unknown to this version, sorted."""
        unknown = self._unknown_filters.values()
        return tuple(sorted({name for one in unknown for name in one if narrows(one[name])}))

    @property
    def understood(self) -> bool:
        """Whether this version can read the turn.

        If not, only `question` and `asked` are set, as far as they could be parsed.
        """
        return self._not_understood is None

    @property
    def known(self) -> Turn:
        """The turn without unknown fields, since those may quote any article. Filters are kept."""
        if self._not_understood is None:
            return forget_unknown(self)
        asked = _MOMENT.dump_python(self.asked, mode="json")
        return Turn._of_newer({"question": self.question, "asked": asked})

    @property
    def options(self) -> QueryOptions:
        """The options that the person chose for understanding the question."""
        return QueryOptions(self.kind, self.as_typed, self.as_of, self.fast)

    @property
    def generation(self) -> str | None:
        """The generation of the index that was searched."""
        return None if self.reply is None else self.reply.generation

    @classmethod
    def of(
        cls,
        question: str,
        completed: Completed,
        reply: Reply | None,
        *,
        asked: AwareDatetime,
        filters: Filters | None = None,
    ) -> Turn:
        """Create the turn of a question that was completed before the search."""
        return cls(
            question=question,
            searched=completed.text,
            filled=completed.filled,
            filters=Filters() if filters is None else filters,
            reply=reply,
            asked=asked,
        )

    @model_validator(mode="wrap")
    @classmethod
    def _split_filters(cls, given: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:  # noqa: ANN401
        """Store unknown filters separately, since `Filters` rejects them."""
        if not isinstance(given, dict):
            return handler(given)
        known, unknown = dict(given), {}
        for name in ("filters", "given"):
            if isinstance(written := given.get(name), dict):
                known[name] = {one: written[one] for one in written if one in _KNOWN_FILTERS}
                unknown[name] = {one: written[one] for one in written if one not in _KNOWN_FILTERS}
        turn = handler(known)
        turn._unknown_filters = {name: one for name, one in unknown.items() if one}
        return turn

    @model_serializer(mode="wrap")
    def _write(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """The turn with the fields that this version does not know."""
        if self._not_understood is not None:
            return deepcopy(self._not_understood)
        written: dict[str, Any] = handler(self)
        for name, unknown in self._unknown_filters.items():
            if name in written:
                written[name] = {**written[name], **unknown}
        add_unknown(written, self)
        return written

    @classmethod
    def _of_newer(cls, written: dict[str, Any]) -> Turn:
        """A turn of a newer version; it is displayed as unreadable and written back unchanged."""
        question = written.get("question")
        question = question[:LONGEST_QUESTION] if isinstance(question, str) else ""
        try:
            asked = _MOMENT.validate_python(written.get("asked"))
        except ValidationError:
            asked = datetime.fromtimestamp(0, UTC)
        turn = Turn(question=question, searched=question, asked=asked)
        turn._not_understood = written
        return turn


_MOMENT: TypeAdapter[datetime] = TypeAdapter(AwareDatetime)


def _read_turn(
    given: Any,  # noqa: ANN401 - a turn, or anything in its place
    handler: ValidatorFunctionWrapHandler,
    info: ValidationInfo,
) -> Turn:
    """The turn; `Turn._of_newer` if a newer version changed the meaning of a field."""
    try:
        turn: Turn = handler(given)
    except (ValidationError, SettingsError):
        if info.data.get("version", VERSION) <= VERSION or not isinstance(given, dict):
            raise
        return Turn._of_newer(given)
    return turn


class Conversation(BaseModel):
    """Turns, oldest first, within `MOST_TURNS` and `MOST_BYTES`; `version` is that of the JSON.

    `id` tells the conversations of a browser apart; `title` is set if a person renamed it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int = Field(VERSION, ge=1, strict=True)
    id: ConversationId | None = None
    title: Title | None = None
    turns: Annotated[tuple[Annotated[Turn, WrapValidator(_read_turn)], ...], FailFast()] = Field(
        default=(), max_length=MOST_TURNS
    )

    def with_turn(self, turn: Turn) -> Conversation:
        """The conversation with one more turn; if it is then too large, the oldest are dropped.

        If the new turn alone is too large, it keeps only as many of its best answers as fit, and
        its values if they fit too.
        Unknown fields of the conversation are dropped only if the turn would not fit otherwise.
        """
        empty = self.model_copy(update={"turns": ()})
        if _size(empty) + _size(turn) > MOST_BYTES:
            empty = forget_unknown(empty)
        room = MOST_BYTES - _size(empty)
        turn = _within(turn, room)
        room -= _size(turn)
        earlier = self.turns[-(MOST_TURNS - 1) :]
        sizes = [_size(one) for one in earlier]
        while earlier and sum(sizes) + len(sizes) > room:
            earlier, sizes = earlier[1:], sizes[1:]
        return empty.model_copy(update={"turns": (*earlier, turn)})

    @model_serializer(mode="wrap")
    def _write(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """The conversation with the fields that this version does not know."""
        return {**handler(self), **(self.model_extra or {})}

    def to_json(self) -> str:
        """The conversation as JSON for `from_json`; at most `MOST_BYTES` in UTF-8."""
        return self.model_dump_json()

    @classmethod
    def from_json(cls, text: str | bytes) -> Conversation:
        """Parse the JSON of a conversation, from this version of pullquote or another.

        Unknown fields are kept, and so are unreadable turns of newer versions; see
        `Turn.understood`.

        Raises:
            ConversationUnreadable: the JSON is not a conversation, or is too large.
        """
        if len(text) > MOST_BYTES:
            raise ConversationUnreadable(
                f"it has {len(text):,} characters, more than the {MOST_BYTES:,} allowed"
            )
        try:
            conversation = cls.model_validate_json(text, extra="allow")
        except ValidationError as error:
            raise ConversationUnreadable(_reason(error)) from error
        except (SettingsError, UnicodeError) as error:  # such as filters that exclude each other
            raise ConversationUnreadable(str(error)) from error
        drop_empty(conversation)
        return conversation


def _reason(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    return ": ".join(filter(None, (".".join(map(str, first["loc"])), first["msg"])))


def _size(model: BaseModel) -> int:
    return len(model.model_dump_json().encode())


def _within(turn: Turn, most: int) -> Turn:
    """The turn with only as many of its best answers, and then its values, as fit into `most`."""
    reply = turn.reply
    if reply is None or _size(turn) <= most:
        return turn
    left = most - _size(_with_reply(turn, reply, answers=(), values=()))
    sizes = accumulate(_size(answer) + 1 for answer in reply.answers)
    fit = reply.answers[: sum(size <= left for size in sizes)]
    whole = _with_reply(turn, reply, answers=fit)
    return whole if _size(whole) <= most else _with_reply(turn, reply, answers=fit, values=())


def _with_reply(turn: Turn, reply: Reply, **parts: tuple[BaseModel, ...]) -> Turn:
    """The turn with its reply, of which some parts are replaced."""
    return turn.model_copy(update={"reply": reply.model_copy(update=parts)})
