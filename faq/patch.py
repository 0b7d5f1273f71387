"""Change what a YAML text says, and leave every line that need not change as its author wrote it.

Loading and dumping would keep comments, but not every file's indentation, folding and line ends;
so lines are replaced where they stand, and the result is read again before anyone gets it.
"""

import json
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from difflib import SequenceMatcher

import yaml

from faq.files import EMPTY

Value = str | bool | date | None | Sequence["Value"] | Mapping[str, "Value"]
WIDTH = 108  # of the lines in the samples
STEP = 2
LONG_ITEM = 2  # lines
IDENTITIES = ("id", "key")  # an item of a list that has one stays the same item when the rest changes
OTHER_THAN_TEXT = {
    "null",
    "~",
    "true",
    "false",
    "yes",
    "no",
    "on",
    "off",
    "y",
    "n",
}  # elsewhere, without quotes
NEEDS_ESCAPE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff]")
HEADER = re.compile(r"[|>][-+0-9]*")


class Unpatchable(Exception):
    """The text is written in a way that cannot be changed safely."""


def said(text: str) -> Value:
    """Return what the text says: every scalar as text, None for nothing."""
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    return None if root is None else _said(root)


def patched(text: str, wanted: Mapping[str, Value]) -> str:
    """Return the text with the fewest lines changed that make it say what is wanted.

    The text must be sound YAML without anchors (`faq.files.read` refuses others). Raises Unpatchable.
    """
    whole = text if text.endswith("\n") else text + "\n"
    result = _Patch(whole).to(wanted)
    if whole != text:
        result = result.removesuffix("\n").removesuffix("\r")
    try:
        safe = said(result) == _texts(wanted)
    except yaml.YAMLError as error:
        raise Unpatchable(str(error)) from error
    if not safe:
        raise Unpatchable
    return result


def _said(node: yaml.Node) -> Value:
    match node:
        case yaml.MappingNode():
            return {key.value: _said(value) for key, value in node.value}
        case yaml.SequenceNode():
            return [_said(each) for each in node.value]
        case yaml.ScalarNode():
            return None if node.style is None and node.value in EMPTY else str(node.value)
    raise TypeError(node)


def _texts(value: Value) -> Value:
    """Return the value as `said` would read it."""
    match value:
        case Mapping():
            return {key: _texts(each) for key, each in value.items()}
        case bool():
            return str(value).lower()
        case date():
            return value.isoformat()
        case str() | None:
            return value
    return [_texts(each) for each in value]


class _Patch:
    """Notes replacements of parts of the text; the parts do not overlap, but deletions may."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._break = "\r\n" if "\r\n" in text else "\n"
        self._edits: list[tuple[int, int, str]] = []

    def to(self, wanted: Mapping[str, Value]) -> str:
        root = yaml.compose(self._text, Loader=yaml.CSafeLoader)
        if not isinstance(root, yaml.MappingNode) or root.flow_style or not root.value:
            raise Unpatchable
        self._mapping(root, wanted)
        parts, place = [], 0
        for start, end, new in sorted(self._edits, key=lambda edit: edit[0]):
            parts += [self._text[place:start], new]
            place = max(place, end)
        return "".join((*parts, self._text[place:]))

    def _value(self, after: int, column: int, node: yaml.Node, wanted: Value) -> None:
        """Change the value that stands after a colon or a dash; `column` is where its key or dash stands."""
        if _said(node) == _texts(wanted):
            return
        match node, wanted:
            case yaml.MappingNode(flow_style=False), Mapping() if wanted:
                self._mapping(node, wanted)
            case yaml.SequenceNode(flow_style=False), [_, *_]:
                self._sequence(after, node, wanted)
            case _:
                self._replace(after, column, node, wanted)

    def _mapping(self, node: yaml.MappingNode, wanted: Mapping[str, Value]) -> None:
        places = {key.value: self._after(key, ":") for key, _ in node.value}
        kept = [key.value for key, _ in node.value if key.value in wanted]
        if not kept:
            raise Unpatchable
        column, last = node.start_mark.column, kept[0]
        ends = {key.value: self._line_end(self._end(value, places[key.value])) for key, value in node.value}
        values = {key.value: value for key, value in node.value}
        for key, value in wanted.items():
            if key in values:
                self._value(places[key], column, values[key], value)
                last = key
            else:
                self._insert(ends[last], _pair(key, value, column))
        self._remove_keys(node, wanted, ends)

    def _remove_keys(
        self, node: yaml.MappingNode, wanted: Mapping[str, Value], ends: Mapping[str, int]
    ) -> None:
        first_kept = next(key.start_mark.index for key, _ in node.value if key.value in wanted)
        for key, _ in node.value:
            start = self._line_start(key.start_mark.index)
            if key.value in wanted:
                continue
            if self._text[start : key.start_mark.index].strip() or key.start_mark.index < first_kept:
                self._delete(node.start_mark.index, first_kept)  # the dash before it belongs to the item
            else:
                self._delete(start, ends[key.value])

    def _sequence(self, after: int, node: yaml.SequenceNode, wanted: Sequence[Value]) -> None:
        items = node.value
        column = node.start_mark.column
        dashes = [self._dash(item) for item in items]
        ends = [self._line_end(self._end(item, dash + 1)) for item, dash in zip(items, dashes, strict=True)]
        old, new = [_identity(_said(item)) for item in items], [_identity(_texts(each)) for each in wanted]
        for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            pairwise = kind == "equal" or (i2 - i1 == j2 - j1 and not _has_identity(wanted[j1]))
            if pairwise:
                for i, j in zip(range(i1, i2), range(j1, j2), strict=True):
                    self._value(dashes[i] + 1, column, items[i], wanted[j])
                continue
            place = ends[i1 - 1] if i1 else self._line_end(after)
            lines = [_item(each, column) for each in wanted[j1:j2]]
            gap = [""] if self._spaced(dashes, ends, lines) else []
            self._insert(place, [line for each in lines for line in ([*gap, *each] if i1 else [*each, *gap])])
            for i in range(i1, i2):
                self._delete_item(dashes[i], ends[i], ends[i - 1] if i else 0)

    def _spaced(self, dashes: Sequence[int], ends: Sequence[int], new: Sequence[list[str]]) -> bool:
        """Whether items are set apart by empty lines; one item alone does not show it."""
        if len(dashes) == 1:
            return any(len(lines) > LONG_ITEM for lines in new)
        between = self._text[ends[0] : self._line_start(dashes[1])]
        return any(not line.strip() for line in between.splitlines())

    def _delete_item(self, dash: int, end: int, previous: int) -> None:
        """Take the empty lines above along, and those below the first item."""
        start = self._line_start(dash)
        if self._text[start:dash].strip():
            raise Unpatchable
        if previous:
            start = max(previous, self._blank_before(dash))
        else:
            while self._text[end : self._line_end(end)].isspace():
                end = self._line_end(end)
        self._delete(start, end)

    def _replace(self, after: int, column: int, node: yaml.Node, wanted: Value) -> None:
        """Write another value; a comment behind the old one stays on its line."""
        end = self._end(node, after)
        body_start = body_end = self._line_end(end)
        if _is_block(node):
            header = HEADER.match(self._text, node.start_mark.index)
            end = header.end() if header else after
            body_start = self._line_end(after)
        head, body = _rendered(wanted, column, after - self._line_start(after))
        self._edits.append((after, end, head))
        self._edits.append((body_start, body_end, self._lines(body)))

    def _insert(self, place: int, lines: Sequence[str]) -> None:
        self._edits.append((place, place, self._lines(lines)))

    def _delete(self, start: int, end: int) -> None:
        self._edits.append((start, end, ""))

    def _lines(self, lines: Sequence[str]) -> str:
        return "".join(line + self._break for line in lines)

    def _after(self, key: yaml.Node, mark: str) -> int:
        return self._text.index(mark, key.end_mark.index) + 1

    def _dash(self, item: yaml.Node) -> int:
        return self._text.rindex("-", 0, item.start_mark.index)

    def _end(self, node: yaml.Node, after: int) -> int:
        """Return where its last character stands; the parser counts empty lines after a block to it."""
        start, end = node.start_mark.index, node.end_mark.index
        if isinstance(node, yaml.ScalarNode):
            if node.style not in ("|", ">"):
                return max(after, end if node.value or node.style else after)
            kept = "+" in (HEADER.match(self._text, start) or [""])[0]
            return int(end - 1) if kept else start + len(self._text[start:end].rstrip())
        if not _is_block(node):
            return int(end)
        last = node.value[-1]
        if isinstance(node, yaml.MappingNode):
            return self._end(last[1], self._after(last[0], ":"))
        return self._end(last, self._dash(last) + 1)

    def _line_start(self, place: int) -> int:
        return self._text.rfind("\n", 0, place) + 1

    def _line_end(self, place: int) -> int:
        """Return where the next line starts."""
        return self._text.find("\n", place) + 1 or len(self._text)

    def _blank_before(self, place: int) -> int:
        """Return where the empty lines above a line start."""
        start = self._line_start(place)
        while start and self._text[self._line_start(start - 1) : start].isspace():
            start = self._line_start(start - 1)
        return start


def _is_block(node: yaml.Node) -> bool:
    match node:
        case yaml.ScalarNode():
            return node.style in ("|", ">")
        case yaml.CollectionNode():
            return not node.flow_style
    raise TypeError(node)


def _has_identity(value: Value) -> bool:
    return isinstance(value, Mapping) and any(name in value for name in IDENTITIES)


def _identity(value: Value) -> str:
    if isinstance(value, Mapping) and _has_identity(value):
        return next(str(value[name]) for name in IDENTITIES if name in value)
    return json.dumps(value)


def _pair(key: str, value: Value, column: int) -> list[str]:
    head, body = _rendered(value, column, column + len(key) + 1)
    return [f"{' ' * column}{key}:{head}", *body]


def _item(value: Value, column: int) -> list[str]:
    if isinstance(value, Mapping) and value:
        lines = [line for key, each in value.items() for line in _pair(key, each, column + STEP)]
        return [f"{' ' * column}- {lines[0].lstrip()}", *lines[1:]]
    head, body = _rendered(value, column, column + 1)
    return [f"{' ' * column}-{head}", *body]


def _rendered(value: Value, column: int, used: int) -> tuple[str, list[str]]:
    """Return what stands behind the colon or the dash, and the lines below.

    The key or the dash starts at the column; with its mark it has used so much of the line.
    """
    match value:
        case None:
            return "", []
        case bool() | date():
            return f" {_texts(value)}", []
        case str():
            return _scalar(value, column, used)
        case Mapping():
            lines = [line for key, each in value.items() for line in _pair(key, each, column + STEP)]
            return ("", lines) if lines else (" {}", [])
    lines = [line for each in value for line in _item(each, column + STEP)]
    return ("", lines) if lines else (" []", [])


def _scalar(text: str, column: int, used: int) -> tuple[str, list[str]]:
    """Take the most readable of the styles that say the text exactly."""
    for head, body in _styles(text, column + STEP, used):
        if _reads(head, body, text):
            return head, body
    raise Unpatchable


def _styles(text: str, indent: int, used: int) -> Iterator[tuple[str, list[str]]]:
    space = " " * indent
    if "\n" in text:
        lines = text.removesuffix("\n").split("\n")
        yield (" |" if text.endswith("\n") else " |-"), [(space + line).rstrip(" ") for line in lines]
    elif used + 1 + len(text) > WIDTH:
        wide = textwrap.wrap(text, WIDTH - indent, break_long_words=False, break_on_hyphens=False)
        yield " >-", [space + line for line in wide]
    if text.lower() not in OTHER_THAN_TEXT:
        yield f" {text}", []
    if '"' not in text and "\\" not in text:
        yield f' "{text}"', []
    yield f" '{text}'", []
    escaped = NEEDS_ESCAPE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))
    yield f" {escaped}", []


def _reads(head: str, body: Sequence[str], text: str) -> bool:
    """Whether it says the text, both behind a key and behind a dash."""
    below = "".join(f"\n{line}" for line in body)
    try:
        return said(f"k:{head}{below}\n") == {"k": text} and said(f"-{head}{below}\n") == [text]
    except (yaml.YAMLError, UnicodeEncodeError):  # half a surrogate pair is no text
        return False
