"""What the front door says of a call that cannot be meant: one sentence, before anything runs."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from ..errors import UsageError
from ..evaluation import Evaluation
from ..strict import nearest

_P = ParamSpec("_P")
_R = TypeVar("_R")


def asked(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Return a function of the front door that refuses arguments it does not take, in Chinese."""
    signature = inspect.signature(function)
    place = f"{function.__name__}(…)"

    @functools.wraps(function)
    def call(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            given = signature.bind(*args, **kwargs).arguments
        except TypeError:
            raise UsageError(place, *_misfit(signature, args, kwargs, function.__name__)) from None
        for name, value in given.items():
            wanted = signature.parameters[name].annotation
            if wanted in (Evaluation, "Evaluation") and not isinstance(value, Evaluation):
                shown = f"“{value}”" if isinstance(value, str) else f"一个 {type(value).__name__}"
                raise UsageError(
                    place,
                    f"{name} 应是 load_unit 的结果，这里是{shown}。",
                    "请先 evaluation = load_unit(单位代码)。",
                )
        return function(*args, **kwargs)

    return call


def _misfit(
    signature: inspect.Signature, args: tuple[object, ...], kwargs: dict[str, object], name: str
) -> tuple[str, str]:
    """Return what is wrong with a call's arguments, and how it is written."""
    plain = [
        str(own.replace(annotation=inspect.Parameter.empty))
        for own in signature.parameters.values()
    ]
    usage = f"写法：{name}({', '.join(plain)})。"
    for keyword in kwargs:
        if keyword not in signature.parameters:
            close = nearest(keyword, signature.parameters)
            return f"没有叫“{keyword}”的参数。", f"是不是“{close}”？" if close else usage
    try:
        signature.bind_partial(*args, **kwargs)
    except TypeError:
        return "参数写得太多，或者写了两次。", usage
    given = signature.bind_partial(*args, **kwargs).arguments
    lacking = [
        own.name
        for own in signature.parameters.values()
        if own.default is own.empty and own.name not in given and own.kind is not own.VAR_POSITIONAL
    ]
    return f"缺少参数：{'、'.join(lacking)}。", usage
