"""Every transcript in this folder is played; what the service says must be what stands there."""

from pathlib import Path

import pytest

from handlers.library import Library
from storage.store import Store
from tests.conversations.stage import Stage

HERE = Path(__file__).parent


@pytest.mark.parametrize("name", sorted(path.stem for path in HERE.glob("*.txt")))
async def test_conversation(
    name: str, store: Store, library: Library, request: pytest.FixtureRequest
) -> None:
    path = HERE / f"{name}.txt"
    script = path.read_text("utf-8")
    happened = await Stage(store, library).play(script)
    if request.config.getoption("--rewrite"):
        path.write_text(happened, "utf-8")
    assert happened == script
