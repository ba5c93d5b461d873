"""A、B分别为1、2 → A为1、B为2: names told together, each beside its own number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ..money import FEN_PER
from .tokens import Token

_JOINERS = {"和", "与", "同", "及"}


def pair_off(stream: list[Token]) -> list[Token]:
    """Return A、B分别为1、2 as A为1、B为2; what does not pair off is in doubt."""
    at = next((n for n, token in enumerate(stream) if token.role == "respectively"), None)
    if at is None:
        return stream
    told, shared, end = _told(stream, at)
    if len(told) < 2:
        return [*stream[: at + 1], *pair_off(stream[at + 1 :])]
    first = _clause_start(stream, at)
    own, after = _uncounted(stream[first:at], len(told))
    pieces, shared = _pieces(own), [*after, *shared]
    if len(pieces) == 1 and first and stream[first - 1].value == ",":
        before = _clause_start(stream, first - 1)
        listed = _pieces(stream[before : first - 1])
        if len(listed) == len(told):
            first, shared, pieces = before, [*pieces[0], *shared], listed
    if len(pieces) != len(told):
        unsure: list[Token] = []
        for token in stream[at:end]:
            if token.is_number or token.role == "respectively":
                unsure.append(Token(token.start, token.start, "blocked", "分别"))
            if token.role != "respectively":
                unsure.append(token)
        return [*stream[:at], *unsure, *pair_off(stream[end:])]
    paired: list[Token] = []
    for piece, number in zip(pieces, told, strict=True):
        if paired:
            paired.append(Token(number.start, number.start, "mark", "、"))
        paired += [*piece, *shared, _with_unit(number, told[-1])]
    split = Token(told[-1].end, told[-1].end, "mark", "")
    return [*stream[:first], *paired, split, *pair_off(stream[end:])]


def _uncounted(stream: list[Token], count: int) -> tuple[list[Token], list[Token]]:
    """Return names without the count of them, and what is said of all: A、B两个项目上年分别为."""
    for at, token in enumerate(stream):
        number: Any = token.value
        if at and token.role == "count" and number.value == count:
            return stream[:at], [one for one in stream[at + 1 :] if one.role not in {"", "mark"}]
    return stream, []


def _told(stream: list[Token], at: int) -> tuple[list[Token], list[Token], int]:
    """Return the numbers after 分别, the words before the first of them, and where they end."""
    told: list[Token] = []
    shared: list[Token] = []
    last = at + 1
    for end in range(at + 1, len(stream)):
        token = stream[end]
        if token.is_number:
            told.append(token)
            last = end + 1
        elif told and not (
            token.value in {"、", ","}
            or token.role in {"link", "beside"}
            or token.value in _JOINERS
        ):
            break
        elif not told:
            if token.role not in {"link", "phase", "name", "last_year", "share", "beside", "met"}:
                break
            shared.append(token)
    return told, shared, last


def _clause_start(stream: list[Token], at: int) -> int:
    while at and not (
        (stream[at - 1].role == "mark" and stream[at - 1].value != "、")
        or (stream[at - 1].is_number and stream[at - 1].role != "count")
    ):
        at -= 1
    return at


def _pieces(stream: Sequence[Token]) -> list[list[Token]]:
    pieces: list[list[Token]] = [[]]
    for token in stream:
        if token.role == "mark" or token.value in _JOINERS:
            pieces.append([])
        elif not token.is_number:
            pieces[-1].append(token)
    return [piece for piece in pieces if any(token.role != "link" for token in piece)]


def _with_unit(token: Token, like: Token) -> Token:
    """Return a number without a unit as one of the unit the last of its list has."""
    number: Any = token.value
    last: Any = like.value
    if number.kind != "bare" or last.kind != "money":
        return token
    scale = FEN_PER[last.unit]
    own = replace(number, kind="money", unit=last.unit, value=number.value * scale)
    digits = number.half or last.half / scale
    return Token(token.start, token.end, "money", replace(own, half=digits * scale))
