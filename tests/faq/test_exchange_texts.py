"""Whatever stands in an answer comes back from both kinds of files as it was."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from faq.exchange import markdown, spreadsheet, workbook
from faq.exchange.columns import CLARIFICATIONS, DOCUMENTS, ENTRIES, GROUPS, Table
from faq.exchange.exporting import NOT_HELD, NOT_IN_CELLS
from faq.exchange.filled import Filled

Item = dict[str, Any]
TRAPS = (
    "# tiêu đề\n## Nhóm G1\n### G1-01: câu khác",
    "---\n- mục một\n  - mục con\n1. một\n> trích\n```\nmã\n```",
    "(Hết)\n(Hết)",
    "\n\n- Trả lời: không\n",
    '"trong ngoặc"',
    '["a"]',
    '"a\n"b',
    "=1+1",
    "+84",
    "-1",
    "@SUM(A1)",
    '=HYPERLINK("http://example.org","x")',
    "#N/A",
    "2026-07-01",
    "007",
    "có",
    " đầu và cuối ",
    "a | b | c",
    "<b>&amp;</b>",
    "a\tb\u00a0c\u2028d\x85e\ufeff",
)
held = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(
    lambda text: not (NOT_HELD.search(text) or NOT_IN_CELLS.search(text))
)
markup = st.lists(
    st.sampled_from(["# ", "- ", "> ", "| ", "---", "\n", "  ", "a", ":", '"', "(Hết)", "="]), min_size=1
)
texts = held | markup.map("".join) | st.sampled_from(TRAPS)
codes = st.from_regex(r"[A-Z][A-Z0-9]{0,3}-[0-9]{2}", fullmatch=True)
days = st.dates(date(1890, 1, 1), date(2100, 1, 1))
sources = st.fixed_dictionaries({"doc": codes}, optional={"article": texts})


def entry(text: str, wordings: list[str], cited: list[Item], day: date) -> Item:
    return {
        "id": "G1-01",
        "group": "G1",
        "topic": "a",
        "question": text,
        "answer": text,
        "unit": "VP",
        "confidence": "checked",
        "alternates": wordings,
        "sources": cited,
        "audience": ["citizen", "civil_servant"],
        "valid_from": day,
        "verified": {"by": text, "on": day},
        "verify_before_use": True,
        "enabled": False,
        "verdict": "false",
        "note": text,
    }


def document(text: str, day: date) -> Item:
    return {
        "key": "a-1",
        "number": text,
        "title": text,
        "status": "in_force",
        "confidence": "checked",
        "issued": day.isoformat(),
        "effective": "2026-07",
        "expired": "2027",
        "amended_by": [text],
    }


def content(text: str, wordings: list[str], cited: list[Item], day: date) -> dict[Table, list[Item]]:
    return {
        GROUPS: [{"group": "G1", "name": text}],
        ENTRIES: [entry(text, wordings, cited, day)],
        CLARIFICATIONS: [],
        DOCUMENTS: [document(text, day)],
    }


def understood(filled: list[Filled]) -> dict[Table, list[Item]]:
    """Return what the cells say, without what goes without saying."""
    found: dict[Table, list[Item]] = {GROUPS: [], ENTRIES: [], CLARIFICATIONS: [], DOCUMENTS: []}
    for each in filled:
        for row in each.rows:
            item: Item = {}
            for key, cell in row.cells.items():
                value = each.table.column(key).kind.to_value(cell)
                head, _, part = key.partition(".")
                if value is not None and part:
                    item.setdefault(head, {})[part] = value
                elif value is not None and value != each.table.column(key).default:
                    item[key] = value
            found[each.table].append(item)
    return found


def there_and_back(folder: Path, suffix: str, told: Mapping[Table, list[Item]]) -> dict[Table, list[Item]]:
    path = folder / f"a{suffix}"
    if suffix == ".md":
        path.write_bytes(markdown.write(told).encode())
        return understood(markdown.read(path))
    path.write_bytes(workbook.write(told, {}))
    return understood(spreadsheet.understood(path, spreadsheet.grids_of(path)))


@pytest.mark.parametrize("suffix", [".md", ".xlsx"])
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts, st.lists(texts, min_size=1, max_size=4), st.lists(sources, min_size=1, max_size=3), days)
@example("a", list(TRAPS), [{"doc": "A-01", "article": text} for text in TRAPS], date(1900, 2, 28))
def test_any_text_comes_back(
    tmp_path: Path, suffix: str, text: str, wordings: list[str], cited: list[Item], day: date
) -> None:
    told = content(text, wordings, cited, day)
    assert there_and_back(tmp_path, suffix, told) == told


@pytest.mark.parametrize("suffix", [".md", ".xlsx"])
@pytest.mark.parametrize("text", TRAPS)
def test_no_trap_catches(tmp_path: Path, suffix: str, text: str) -> None:
    told = content(text, [text, text], [{"doc": "A-01", "article": text}], date(2026, 7, 1))
    assert there_and_back(tmp_path, suffix, told) == told
