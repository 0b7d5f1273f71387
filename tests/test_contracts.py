"""Imports go down only, and a broken contract is really reported."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
CHECK = [
    sys.executable,
    "-c",
    "from importlinter.cli import lint_imports_command as run; run()",
    "--no-cache",
]
COPIED = ("bot", "faq", "feedback", "handlers", "storage", "pyproject.toml")


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(CHECK, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603


def test_the_contracts_are_kept() -> None:
    found = lint(ROOT)
    assert found.returncode == 0, found.stdout


def test_a_broken_contract_is_reported(tmp_path: Path) -> None:
    subprocess.run(["cp", "-r", *COPIED, str(tmp_path)], cwd=ROOT, check=True)  # noqa: S603, S607
    with (tmp_path / "feedback" / "cases.py").open("a", encoding="utf-8") as file:
        file.write("\nimport storage.tables\nimport yaml\n")
    with (tmp_path / "bot" / "simulator" / "telegram" / "world.py").open("a", encoding="utf-8") as file:
        file.write("\nimport bot.channels.base\nimport telegram\n")
    found = lint(tmp_path)
    assert found.returncode == 1
    assert "feedback.cases -> storage.tables" in found.stdout
    assert "feedback.cases -> yaml" in found.stdout
    assert "bot.simulator.telegram.world -> bot.channels.base" in found.stdout
    assert "bot.simulator.telegram.world -> telegram" in found.stdout
