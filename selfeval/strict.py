"""YAML files and their keys as we allow them: nothing shared, tagged, doubled or guessed."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from .errors import ParamsError, cause
from .plain_files import read_plain

LARGEST_TEXT = 256 * 1024
"""Bytes of one text file, over 80,000 characters: more than the longest report and its settings."""
MOST_LINES, LONGEST_LINE = 10_000, 10_000
DEEPEST = 16
_LONGEST_SHOWN = 40
_MOST_NAMED = 12
_ONE_SLIP_IN = 4
_TURNING = frozenset("不未非无没初末上下前后收支增减")
"""Characters that make another thing of a name: 年初 and 年末, 收入 and 支出, 达成 and 未达成.

Not in a scheme: schemes themselves are read with this.
"""

_FAST: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # libyaml where it is there
"""Only its events are taken: every process reads all schemes, 350 KB, which so takes 40 ms.

ruamel.yaml takes 90 ms to be imported and then 160 ms by libyaml, 840 ms without it; and its
words of 1.2 are not ours: 0101 is a number to it, True a truth, 2022-04-20 a day.
"""
_PLAIN: tuple[tuple[re.Pattern[str], Callable[[str], object]], ...] = (
    (re.compile(r"|~|null"), lambda _: None),
    (re.compile(r"true|false"), "true".__eq__),
    (re.compile(r"[-+]?(?:0|[1-9][0-9]{0,18})"), int),
    (re.compile(r"[-+]?(?:0|[1-9][0-9]*)\.[0-9]+"), float),
)
"""Plain words that are no text: none of 1.1's dates, octals, yes and no."""
_MAY_BE_NO_TEXT = frozenset("~ntf+-0123456789")


class _RefusedError(yaml.MarkedYAMLError):
    """YAML that others take and we do not; the problem is told in Chinese."""

    def __init__(self, problem: str, event: Any) -> None:
        super().__init__(problem=problem, problem_mark=event.start_mark)


def _document(text: str) -> object:
    """Build what one YAML document says; aliases, tags and doubled keys are refused."""
    # libyaml takes tabs between words, where others see an error.
    events = iter(yaml.parse(text, Loader=yaml.BaseLoader if "\t" in text else _FAST))
    next(events)  # the stream's start
    if isinstance(next(events), yaml.StreamEndEvent):
        return None
    content = _node(next(events), events, DEEPEST)
    next(events)  # the document's end
    after = next(events)
    if not isinstance(after, yaml.StreamEndEvent):
        raise _RefusedError("", after)
    return content


def _node(event: Any, events: Iterator[Any], levels: int) -> object:
    if isinstance(event, yaml.AliasEvent):
        raise _RefusedError("不允许使用引用（*）", event)
    if event.tag:
        raise _RefusedError("不允许使用标签（!）", event)
    if isinstance(event, yaml.ScalarEvent):
        return _scalar(event)
    if not levels:
        raise _RefusedError(f"嵌套超过 {DEEPEST} 层", event)
    if isinstance(event, yaml.SequenceStartEvent):
        items = []
        while not isinstance(item := next(events), yaml.SequenceEndEvent):
            items.append(_node(item, events, levels - 1))
        return items
    return _mapping(events, levels - 1)


def _mapping(events: Iterator[Any], levels: int) -> dict[str, object]:
    found: dict[str, object] = {}
    while not isinstance(at := next(events), yaml.MappingEndEvent):
        key = _node(at, events, levels)
        if not isinstance(key, str):
            raise _RefusedError(f"键{_told(key)}不是文字", at)
        if key in found:
            raise _RefusedError(f"键{_told(key)}重复", at)
        found[key] = _node(next(events), events, levels)
    return found


def _scalar(event: Any) -> object:
    text: str = event.value
    if not event.implicit[0] or (text and text[0] not in _MAY_BE_NO_TEXT):
        return text
    return next((read(text) for pattern, read in _PLAIN if pattern.fullmatch(text)), text)


def load_yaml(path: Path, shown: str = "") -> Any:
    """Load one YAML file strictly.

    Raises
    ------
    ParamsError
        If it is missing, too large, not UTF-8, not YAML, or holds duplicate keys, aliases or
        tags.
    """
    place = shown or path.name
    return parse_yaml(read_data(path, place), place)


def read_data(path: Path, place: str) -> bytes:
    """Return the bytes of a text file; ``place`` is named in errors.

    Raises
    ------
    ParamsError
        If it is missing, no plain file, or cannot be opened.
    """
    try:
        return read_plain(path, LARGEST_TEXT)
    except FileNotFoundError:
        raise ParamsError(
            place, "没有这个文件。", "请检查文件名和所在文件夹，或从样例复制。"
        ) from None
    except OSError as error:
        fault = f"文件打不开（{cause(error)}）。"
        raise ParamsError(place, fault, "请检查这个文件，或从样例复制。") from None


def as_text(data: bytes, place: str) -> str:
    """Return the text of a file.

    Raises
    ------
    ParamsError
        If it is not UTF-8, or longer than any honest one: in all, in lines, in one line.
    """
    if len(data) > LARGEST_TEXT:
        raise ParamsError(
            place, f"文件超过 {LARGEST_TEXT >> 10} KB。", "请检查是否放错了文件，或删去多余的文字。"
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ParamsError(place, "文件不是 UTF-8 编码。", "请用 UTF-8 重新保存。") from None
    lines = text.splitlines()
    if len(lines) > MOST_LINES:
        raise ParamsError(place, f"文件超过 {MOST_LINES} 行。", "请检查是否放错了文件。")
    for number, line in enumerate(lines, 1):
        if len(line) > LONGEST_LINE:
            fault = f"这一行超过 {LONGEST_LINE} 个字。"
            raise ParamsError(f"{place} › 第 {number} 行", fault, "请分成几段，或删去多余的文字。")
    return text


def parse_yaml(data: bytes, place: str) -> Any:
    """Parse the content of a YAML file strictly; ``place`` is named in errors."""
    try:
        return _document(as_text(data, place))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f" › 第 {mark.line + 1} 行第 {mark.column + 1} 列" if mark else ""
        problem = error.problem if isinstance(error, _RefusedError) else ""
        raise ParamsError(
            f"{place}{where}",
            f"{problem}。" if problem else "不是正确的 YAML。",
            "请对照样例检查缩进和引号；冒号要用英文的“:”，后面空一格。",
        ) from None
    except yaml.YAMLError:
        raise ParamsError(place, "含有 YAML 不允许的字符。", "请用 UTF-8 文本重新输入。") from None


class Strict(BaseModel):
    """A frozen model that refuses keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the known name that ``name`` is a slip of, or "" if there is none.

    What differs in more than a slip is another thing: 三公经费 is not 公用经费, ``>=`` not ``=``.
    """
    meant = [other for other in known if _is_slip(name, other)]
    return next(iter(difflib.get_close_matches(name, meant, n=1, cutoff=0.5)), "")


def _is_slip(name: str, other: str) -> bool:
    """Return whether a few characters are missing, too many, wrong or in the wrong order."""
    if not any(map(str.isalnum, name)):
        return False
    matcher = difflib.SequenceMatcher(None, name, other)
    changes = [change for change in matcher.get_opcodes() if change[0] != "equal"]
    if set("".join(name[i:j] + other[k:m] for _, i, j, k, m in changes)) & _TURNING:
        return False
    if {kind for kind, *_ in changes} in ({"insert"}, {"delete"}):
        return True
    wrong = sum(max(j - i, m - k) for _, i, j, k, m in changes)
    return sorted(name) == sorted(other) or wrong <= max(1, len(name) // _ONE_SLIP_IN)


_Model = TypeVar("_Model", bound=BaseModel)


def parse_model(model: type[_Model], data: object, place: str) -> _Model:
    """Validate data as a model.

    Raises
    ------
    ParamsError
        With every fault, in Chinese: the key, what was found, the nearest known name.
    """
    if not isinstance(data, dict):
        raise ParamsError(place, "内容应是“键: 值”的清单。", "请对照样例填写。")
    try:
        return model.model_validate(data)
    except ValidationError as error:
        faults = [_fault_text(model, item) for item in _causes(error.errors())]
        raise ParamsError(place, "；".join(faults) + "。", "请对照样例改正。") from None


_WANTED = {
    "string_type": "文字（必要时加引号）",
    "string_too_short": "至少 {min_length} 个字",
    "string_too_long": "至多 {max_length} 个字",
    "int_type": "整数",
    "int_parsing": "整数",
    "int_from_float": "整数",
    "greater_than": "大于 {gt} 的数",
    "greater_than_equal": "不小于 {ge} 的数",
    "less_than_equal": "不大于 {le} 的数",
    "bool_type": "true 或 false",
    "bool_parsing": "true 或 false",
    "list_type": "清单",
    "tuple_type": "清单",
    "pattern_regex": "正则表达式",
    "too_short": "至少 {min_length} 项的清单",
    "dict_type": "“键: 值”的清单",
    "model_type": "“键: 值”的清单",
    "model_attributes_type": "“键: 值”的清单",
}


def _causes(items: list[Any]) -> list[Any]:
    """Leave out that a list is too short where only an item of it is wrong."""
    return [
        item
        for item in items
        if item["type"] != "too_short"
        or not any(
            other["loc"][: len(item["loc"])] == item["loc"] for other in items if other is not item
        )
    ]


def _fault_text(model: type[BaseModel], item: Any) -> str:
    path = [part for part in item["loc"] if isinstance(part, (str, int))]
    kind, context, found = item["type"], item.get("ctx", {}), item.get("input")
    if path[-1:] == ["[key]"] and kind == "literal_error":  # the fault names the key itself
        path = path[:-2]
    if kind == "union_tag_invalid":
        path.append(context["discriminator"].strip("'"))
        found, context = context["tag"], {"expected": context["expected_tags"]}
    name = ""
    for part in (part for part in path if part != "[key]"):
        joint = "." if name and not name.endswith(" ") else ""
        name += f" 第 {part + 1} 条的 " if isinstance(part, int) else f"{joint}{part}"
    name = name.removesuffix("的 ")
    if kind == "extra_forbidden":
        close = nearest(str(path[-1]), _known_keys(model, path[:-1]))
        hint = f"，是不是“{close}”" if close else ""
        return f"不认识的键{_told(name)}{hint}"
    if kind == "missing":
        return f"缺少键“{name}”"
    if kind == "value_error":
        return f"“{name}”：{context['error']}" if name else str(context["error"])
    if kind in ("literal_error", "union_tag_invalid"):
        known = re.findall(r"'([^']+)'", context["expected"])
        close = nearest(str(found), known)
        hint = f"，是不是“{close}”" if close else ""
        if len(known) > _MOST_NAMED:
            return f"“{name}”里没有“{found}”这个名称{hint}"
        return f"“{name}”的值{_told(found)}不在允许之列（可用的有：{'、'.join(known)}）{hint}"
    wanted = _WANTED.get(kind, "符合格式的值").format_map(context)
    return f"“{name}”的值{_told(found)}不对，应是{wanted}"


def _told(found: object) -> str:
    """Return a value as it stands in the file, shortened; of a list only that it is one."""
    if isinstance(found, (list, tuple, dict)):
        return f"（是{'“键: 值”的' if isinstance(found, dict) else ''}清单）"
    if found is None or found == "":
        return "（是空的）"
    text = str(found).lower() if isinstance(found, bool) else str(found)
    return f"“{text if len(text) <= _LONGEST_SHOWN else f'{text[:_LONGEST_SHOWN]}……'}”"


def _known_keys(model: type[BaseModel], path: list[Any]) -> list[str]:
    current: Any = model
    for part in path:  # an index, or the name of an entry of a group, leads to no other model
        if part in current.model_fields:
            current = _model_in(current.model_fields[part].annotation) or current
    return [field.alias or name for name, field in current.model_fields.items()]


def _model_in(annotation: Any) -> Any:
    """Return the first model of a type: itself, or within lists and groups."""
    if hasattr(annotation, "model_fields"):
        return annotation
    return next(filter(None, map(_model_in, getattr(annotation, "__args__", ()))), None)


def _iso_date(value: object) -> object:
    # pydantic would also take a number, as seconds since 1970.
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            pass
    if value is None or isinstance(value, dt.date):
        return value
    raise ValueError(f"“{value}”不是日期，应如 2022-04-20")


def _exact(value: object) -> Decimal:
    try:
        if isinstance(value, bool):
            raise InvalidOperation
        return Decimal(str(value))
    except InvalidOperation:
        raise ValueError(f"“{value}”不是数字") from None


Text = Annotated[str, Field(strict=True, min_length=1)]
IsoDate = Annotated[dt.date, BeforeValidator(_iso_date)]
Exact = Annotated[Decimal, BeforeValidator(_exact)]
