"""Templates as people of a register write them: plain text with values, conditions and lists, and nothing else.

A template comes with the register, perhaps from a stranger's branch, and is filled with what must not leak. So only the
few forms of the language that a letter needs are known here; there is nothing to call, to include, to calculate with,
and every value is a text, a number, or a list of such by name. The sandbox of Jinja2 stands behind that as a second
wall. What a template does is counted: one that goes on and on is stopped.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NoReturn

from jinja2 import StrictUndefined, TemplateError, Undefined, nodes
from jinja2.meta import find_undeclared_variables
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from solidarity_cli.core.errors import Refused
from solidarity_cli.render.markdown import text

LONGEST = 100_000
"""Letters of a text that a template may make."""

_STEPS = 5_000
"""Turns of all loops of a template together."""

_SECONDS = 5.0

_ALLOWED_NODES = (
    nodes.Output, nodes.TemplateData, nodes.If, nodes.For, nodes.Name, nodes.Const, nodes.Getattr, nodes.CondExpr,
    nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Filter,
)  # fmt: skip
_FILTERS = ("length", "first", "last", "upper", "lower", "capitalize", "trim", "default")
_JINJA_NAMES = ("self", "super", "caller", "varargs", "kwargs")
_LOOP_NAMES = ("first", "last", "index", "length")
_TURN = "one turn of a loop"
"""The name of our own filter around what a loop goes through: none that a template could write."""

_TEMPLATE_ERRORS = (TemplateError, RecursionError, SyntaxError, MemoryError, ValueError, OverflowError)


def fill(name: str, source: str, values: Mapping[str, Any]) -> str:
    """The text that a template makes of plain values, as Markdown in which the values are nothing but words.

    `name` is how the template is called when something is wrong with it. Raises Refused: its form, what it asks for,
    its size, its time.
    """
    environment = _Environment(name)
    try:
        tree = environment.parse(source, filename=name)
    except _TEMPLATE_ERRORS as error:
        raise _refusal(name, getattr(error, "lineno", 0), "cannot be read as a template") from None
    environment.accept(tree, values)
    try:
        template = environment.template_class.from_code(environment, environment.compile(tree, filename=name), {})
        return environment.join_parts(template.generate(dict(values)))
    except Refused:
        raise
    except _TEMPLATE_ERRORS as error:
        raise _refusal(name, _line(error, name), "asks for what there is not") from None


class _Environment(ImmutableSandboxedEnvironment):
    """One filling of one template."""

    def __init__(self, name: str) -> None:
        super().__init__(undefined=StrictUndefined, finalize=self._format_value, trim_blocks=True, lstrip_blocks=True)
        self.template_name = name
        self.globals.clear()
        self.tests.clear()
        self.filters = {known: self.filters[known] for known in _FILTERS} | {_TURN: self._count_turns}
        self._steps = 0
        self._until = time.monotonic() + _SECONDS

    def accept(self, tree: nodes.Template, values: Mapping[str, Any]) -> None:
        """Raises Refused for a form that is not known here; has every loop counted."""
        try:
            for node in tree.find_all(nodes.Node):
                self._accept(node)
            unknown = sorted(find_undeclared_variables(tree) - set(values))
        except _TEMPLATE_ERRORS:
            raise _refusal(self.template_name, 0, "is nested too deeply") from None
        if unknown:
            raise _refusal(self.template_name, 0, f"asks for what there is not: {', '.join(unknown)[:80]}")
        for loop in list(tree.find_all(nodes.For)):
            loop.iter = nodes.Filter(loop.iter, _TURN, [], [], None, None, lineno=loop.lineno)

    def join_parts(self, parts: Iterable[str]) -> str:
        """The parts as one text. Raises Refused when it becomes too long."""
        pieces, size = [], 0
        for part in parts:
            size += len(part)
            if size > LONGEST:
                raise _refusal(self.template_name, 0, "makes a text that is too long")
            pieces.append(part)
        return "".join(pieces)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A value by its name: of plain data, and the few that a loop knows of itself; nothing of any other object."""
        if isinstance(obj, Mapping) and attribute in obj:
            return obj[attribute]
        if isinstance(obj, LoopContext) and attribute in _LOOP_NAMES:
            return getattr(obj, attribute)
        return self.undefined(obj="", name=attribute)

    def _accept(self, node: nodes.Node) -> None:
        match node:
            case nodes.Name(name=name) | nodes.Getattr(attr=name) if name.startswith("_") or name in _JINJA_NAMES:
                self._refuse(node, "reads what is not there for templates")
            case nodes.Filter() if node.name not in _FILTERS or node.kwargs or node.dyn_args or node.dyn_kwargs:
                self._refuse(node, "uses a filter that there is not")
            case nodes.For(recursive=True):
                self._refuse(node, "uses a form that there is not")
            case _ if not isinstance(node, _ALLOWED_NODES):
                self._refuse(node, "uses a form that there is not")

    def _refuse(self, node: nodes.Node, why: str) -> NoReturn:
        raise _refusal(self.template_name, node.lineno, why)

    def _count_turns(self, items: Any) -> Iterator[Any]:
        """What a loop goes through, each turn counted."""
        if isinstance(items, Undefined) or not isinstance(items, list | tuple):
            raise _refusal(self.template_name, 0, "goes through what is no list")
        for item in items:
            self._steps += 1
            if self._steps > _STEPS or time.monotonic() > self._until:
                raise _refusal(self.template_name, 0, "goes on for too long")
            yield item

    def _format_value(self, value: Any) -> str:
        """The one place where a value becomes text: what is no text or number is not said by its inner name."""
        if isinstance(value, str):
            return text(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if isinstance(value, Undefined):
            return str(value)  # which says, by an error, that there is no such value
        raise _refusal(self.template_name, 0, "prints what is no text")


def _line(error: BaseException, name: str) -> int:
    """The line of a template at which something went wrong; 0 when nobody knows."""
    line, trace = int(getattr(error, "lineno", 0) or 0), error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename == name:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _refusal(name: str, line: int | None, why: str) -> Refused:
    at = f" (line {line})" if line else ""
    return Refused(
        f"{name}{at} {why}", hint="what a template may use: docs/guide/drafts.md; the program's own: move it away"
    )
