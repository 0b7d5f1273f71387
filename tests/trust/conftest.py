"""The figures of the trust tests, printed when all have run."""

from collections.abc import Iterator

import pytest

from tests.trust.figures import Figures, table

MEASURED = pytest.StashKey[list[Figures]]()


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> Iterator[Figures]:
    measured = Figures(request.node.name.removeprefix("test_"))
    yield measured
    request.config.stash.setdefault(MEASURED, []).append(measured)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if measured := config.stash.get(MEASURED, []):
        terminalreporter.section("trust")
        for line in table(measured):
            terminalreporter.write_line(line)
