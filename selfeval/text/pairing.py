"""A、B分别为1、2 → A为1、B为2: names told together, each beside its own number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, takewhile
from typing import Any

from ..money import FEN_PER
from .tokens import Token

_JOINERS = {"和", "与", "同", "及"}
_NAMES = {"", "name", "alias", "indicator"}
_CLASSES = {"类", "块"}
"""What counts the classes of a whole: 货物、工程、服务三类."""
_SHARED = {"link", "phase", "name", "last_year", "share", "beside", "met", "completes", "done"}
_SHARED |= {"than", "more", "less", "raised", "lowered", "change"}
"""What may stand between 分别 and the numbers, said of each of them."""
_ENDS = {",", ";", "。", ")"}
IS = {"是", "为", "属于"}
_CLAUSES = 2
"""How many clauses before 分别 the names may stand."""


def pair_off(stream: list[Token], known: Sequence[list[Token]] = ()) -> list[Token]:
    """Return A、B分别为1、2 as A为1、B为2; what does not pair off is in doubt.

    ``known`` are the names that were paired off before: A、B预算分别为1、2，执行数依次为3、4.
    """
    at = next((n for n, token in enumerate(stream) if token.role == "respectively"), None)
    if at is None:
        return stream
    told, shared, end = _told(stream, at)
    if not told and _is_list(stream[at + 1 :]):
        # 分别用于人员经费434.89万元、公用经费77.4万元
        return [*stream[:at], stream[at]._replace(role="parts", value=""), *stream[at + 1 :]]
    if len(told) < 2:
        # 分别由……提高到1、2: what is not understood is of nobody.
        ends = range(at + 1, len(stream))
        end = next((n for n in ends if stream[n].value in _ENDS), len(stream)) if not told else at
        return [
            *stream[: at + 1],
            *_unsure(stream[at + 1 : end]),
            *pair_off(stream[max(end, at + 1) :]),
        ]
    first = _clause_start(stream, at)
    own, after, count = _uncounted(stream[first:at], len(told))
    pieces, behind = _without_tail(_pieces(own))
    shared = [*behind, *after, *shared]
    before = first
    for _ in range(_CLAUSES if len(pieces) < 2 else 0):
        # A和B的目标均为95%，实际分别为97%和98%: the names stand in an earlier clause.
        closes, before = max(before - 1, 0), _clause_start(stream, max(before - 1, 0))
        names, after, count = _uncounted(stream[before:closes], len(told))
        listed = _pieces(names)
        if any(token.value in IS for token in chain(*listed)):
            # 甲、乙是丙的两个子项，分别支出1、2: only the names are of the numbers.
            listed, after = [_name_of(piece) for piece in listed], []
        if len(listed) == len(told):
            shared = [*after, *chain(*pieces), *shared]
            is_beside = closes == first - 1
            pieces = listed if is_beside else [_name_of(piece) for piece in listed]
            first = before if is_beside and all(pieces) else first
            count = count if is_beside else []
            break
    if len(pieces) < 2 and len(known) == len(told):
        shared, pieces = [*after, *chain(*pieces), *shared], list(known)
    if len(pieces) != len(told) or not all(pieces):
        return [*stream[:at], *_unsure(stream[at:end]), *pair_off(stream[end:])]
    # 按货物、工程和服务划分，分别为: it is said of all.
    opens = [token for piece in pieces for token in piece if token.role == "parts"]
    if not opens and count and getattr(count[0].value, "unit", "") in _CLASSES:
        opens = [count[0]._replace(role="parts", value="")]
    shared = [token for token in shared if token.role != "parts"]
    pieces = [[token for token in piece if token.role != "parts"] for piece in pieces]
    start = stream[first].start
    pieces[0] = [*(one._replace(start=start, end=start) for one in opens[:1]), *pieces[0]]
    paired: list[Token] = []
    for piece, number in zip(pieces, told, strict=True):
        if paired:
            paired.append(Token(number.start, number.start, "mark", "、"))
        paired += [*piece, *shared, _with_unit(number, told[-1])]
    split = Token(told[-1].end, told[-1].end, "mark", "")
    bare = [_name_of(piece) for piece in pieces]
    rest = pair_off(stream[end:], bare if all(bare) else [])
    return [*stream[:first], *paired, split, *count, split, *rest]


def _is_list(stream: Sequence[Token]) -> bool:
    """Return whether numbers follow that have each its own name right before it."""
    own = list(takewhile(lambda token: token.value not in _ENDS, stream))
    at = [n for n, token in enumerate(own) if token.is_number]
    return len(at) > 1 and all(n and own[n - 1].role == "name" for n in at)


def _unsure(stream: Sequence[Token]) -> list[Token]:
    """Return numbers as those of which nobody knows what they are of."""
    unsure: list[Token] = []
    for token in stream:
        if token.is_number or token.role == "respectively":
            unsure.append(Token(token.start, token.start, "blocked", "分别"))
        if token.role != "respectively":
            unsure.append(token)
    return unsure


def _uncounted(stream: list[Token], count: int) -> tuple[list[Token], list[Token], list[Token]]:
    """Return names, what is said of all of them, and their count: A、B两个项目上年分别为."""
    for at, token in enumerate(stream):
        number: Any = token.value
        if at and token.role == "count" and number.value == count:
            after = [one for one in stream[at + 1 :] if one.role not in {"", "mark"}]
            return stream[:at], after, [token]
    return stream, [], []


def _told(stream: list[Token], at: int) -> tuple[list[Token], list[Token], int]:
    """Return the numbers after 分别, the words before the first of them, and where they end."""
    told: list[Token] = []
    shared: list[Token] = []
    last = at + 1
    for end in range(at + 1, len(stream)):
        token = stream[end]
        if token.is_number:
            if told and {told[0].role, token.role} - {"bare"} > {told[0].role}:
                break  # 分别支出318.72万元、41.35万元，两项合计
            told.append(token)
            last = end + 1
        elif told and not (
            token.value in {"、", ","}
            or token.role in {"link", "beside"}
            or token.value in _JOINERS
        ):
            break
        elif not told:
            if token.role not in _SHARED:
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


def _without_tail(pieces: list[list[Token]]) -> tuple[list[list[Token]], list[Token]]:
    """Return names without what stands behind the last of them, and that: it is said of all.

    基本支出和项目支出的比重
    """
    bare = [_name_of(piece) == piece for piece in pieces[:-1]]
    last = _name_of(pieces[-1]) if pieces else []
    if not bare or not all(bare) or not last:
        return pieces, []
    return [*pieces[:-1], last], pieces[-1][len(last) :]


def _name_of(piece: Sequence[Token]) -> list[Token]:
    """Return what of a piece is a name, without what was said of it before."""
    return list(takewhile(lambda token: token.role in _NAMES, piece))


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
