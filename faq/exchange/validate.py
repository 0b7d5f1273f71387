"""Check what an import would make of the folder, and tell mistakes where officials filled them in."""

import re
import shutil
from bisect import bisect_right
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from faq import entries
from faq.exchange.columns import CLARIFICATIONS, DOCUMENTS, ENTRIES, GROUPS, Table
from faq.exchange.merge import Merge
from faq.files import Mistake, Mistakes

TABLES = {"documents.yaml": DOCUMENTS, "clarifications.yaml": CLARIFICATIONS}
KEY = re.compile(r"«(\w+)»")


def mistakes(merge: Merge, units: Collection[str], topics: Collection[str]) -> tuple[Mistake, ...]:
    """Load a copy of the folder with the changes. Raises NotEdited when a file cannot be changed."""
    with TemporaryDirectory() as place:
        copy = Path(place)
        for path in merge.folder.path.glob("*.yaml"):
            shutil.copyfile(path, copy / path.name)
        for file in merge.folder.files:
            content = file.after()
            if content is None:
                (copy / file.path.name).unlink(missing_ok=True)
            else:
                (copy / file.path.name).write_bytes(content)
        try:
            entries.load(copy, units, topics)
        except Mistakes as found:
            return tuple(_in_source(merge, each) for each in found.all)
    return ()


def _in_source(merge: Merge, mistake: Mistake) -> Mistake:
    """Name the cell that the wrong line came from; what was wrong before keeps its own place."""
    table, identity, key = _written_at(mistake)
    row = merge.rows.get((table, identity))
    if row is None:
        return replace(mistake, path=merge.folder.path / mistake.path.name)
    columns = {column.key.rpartition(".")[2]: column for column in table.columns}
    named = [columns[word].key for word in KEY.findall(mistake.text) if word in columns]
    part = next((name for name in named if name.startswith(f"{key}.")), key)
    text = KEY.sub(
        lambda found: f"«{columns[found[1]].name}»" if found[1] in columns else found[0], mistake.text
    )
    return row.place(part).mistake(merge.source, text, mistake.remedy)


def _written_at(mistake: Mistake) -> tuple[Table, str, str]:
    """Find which item and which of its keys stand at a line."""
    root = yaml.compose(mistake.path.read_text("utf-8-sig"), Loader=yaml.CSafeLoader)
    pairs = {key.value: value for key, value in root.value} if isinstance(root, yaml.MappingNode) else {}
    items = [item for value in pairs.values() if isinstance(value, yaml.SequenceNode) for item in value.value]
    place = bisect_right([item.start_mark.line for item in items], mistake.line - 1)
    if not place:
        return GROUPS, pairs["group"].value if "group" in pairs else "", "name"
    table = TABLES.get(mistake.path.name, ENTRIES)
    keys = [(key.start_mark.line, key.value, value) for key, value in items[place - 1].value]
    identity = next((value.value for _, name, value in keys if name == table.identity), "")
    return table, identity, next((name for line, name, _ in reversed(keys) if line < mistake.line), "")
