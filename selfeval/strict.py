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

LARGEST_YAML = 256 * 1024


_FAST: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # libyaml where it is there
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
    content = _node(next(events), events)
    next(events)  # the document's end
    after = next(events)
    if not isinstance(after, yaml.StreamEndEvent):
        raise _RefusedError("", after)
    return content


def _node(event: Any, events: Iterator[Any]) -> object:
    if isinstance(event, yaml.AliasEvent):
        raise _RefusedError("不允许使用引用（*）", event)
    if event.tag:
        raise _RefusedError("不允许使用标签（!）", event)
    if isinstance(event, yaml.ScalarEvent):
        return _scalar(event)
    if isinstance(event, yaml.SequenceStartEvent):
        items = []
        while not isinstance(item := next(events), yaml.SequenceEndEvent):
            items.append(_node(item, events))
        return items
    return _mapping(events)


def _mapping(events: Iterator[Any]) -> dict[str, object]:
    found: dict[str, object] = {}
    while not isinstance(at := next(events), yaml.MappingEndEvent):
        key = _node(at, events)
        if not isinstance(key, str):
            raise _RefusedError(f"键“{key}”不是文字", at)
        if key in found:
            raise _RefusedError(f"键“{key}”重复", at)
        found[key] = _node(next(events), events)
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
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise ParamsError(place, "文件不存在。", "请检查文件名和所在文件夹。") from None
    except OSError as error:
        raise ParamsError(place, f"文件打不开（{cause(error)}）。", "请检查权限。") from None
    return parse_yaml(data, place)


def parse_yaml(data: bytes, place: str) -> Any:
    """Parse the content of a YAML file strictly; ``place`` is named in errors."""
    if len(data) > LARGEST_YAML:
        raise ParamsError(
            place,
            f"文件有 {len(data)} 字节，超过 {LARGEST_YAML} 字节的上限。",
            "请检查是否放错了文件。",
        )
    try:
        return _document(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ParamsError(place, "文件不是 UTF-8 编码。", "请用 UTF-8 重新保存。") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"第 {mark.line + 1} 行第 {mark.column + 1} 列" if mark else ""
        problem = error.problem if isinstance(error, _RefusedError) else ""
        raise ParamsError(
            f"{place} {where}".strip(),
            f"{problem}。" if problem else "不是正确的 YAML。",
            "请对照样例检查缩进和引号；冒号要用英文的“:”，后面空一格。",
        ) from None
    except yaml.YAMLError:
        raise ParamsError(place, "含有 YAML 不允许的字符。", "请用 UTF-8 文本重新输入。") from None
    except RecursionError:
        raise ParamsError(place, "嵌套的层数太多。", "请对照样例填写。") from None


class Strict(BaseModel):
    """A frozen model that refuses keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the known name most like ``name``, or "" if none is alike."""
    return next(iter(difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)), "")


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
        faults = [_fault_text(model, item) for item in error.errors()]
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
    "too_short": "至少 {min_length} 项的清单",
    "dict_type": "“键: 值”的清单",
    "model_type": "“键: 值”的清单",
    "model_attributes_type": "“键: 值”的清单",
}


def _fault_text(model: type[BaseModel], item: Any) -> str:
    path = [part for part in item["loc"] if isinstance(part, (str, int))]
    name = ".".join(str(part) for part in path)
    kind, context = item["type"], item.get("ctx", {})
    if kind == "extra_forbidden":
        close = nearest(str(path[-1]), _known_keys(model, path[:-1]))
        hint = f"，是不是“{close}”" if close else ""
        return f"不认识的键“{name}”{hint}"
    if kind == "missing":
        return f"缺少键“{name}”"
    if kind == "value_error":
        return f"“{name}”：{context['error']}" if name else str(context["error"])
    found = item.get("input")
    if kind == "literal_error":
        return f"“{name}”的值“{found}”不在允许之列（{context['expected']}）"
    wanted = _WANTED.get(kind, "符合格式的值").format_map(context)
    return f"“{name}”的值“{found}”不对，应是{wanted}"


def _known_keys(model: type[BaseModel], path: list[Any]) -> list[str]:
    current: Any = model
    for part in path:
        if isinstance(part, int):
            continue
        field = getattr(current, "model_fields", {}).get(part)
        if field is None:
            return []
        arguments = getattr(field.annotation, "__args__", ())
        current = next((a for a in arguments if hasattr(a, "model_fields")), field.annotation)
    fields = getattr(current, "model_fields", {})
    return [field.alias or name for name, field in fields.items()]


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
Points = Annotated[int, Field(ge=0)]
