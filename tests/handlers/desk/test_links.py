"""One-time links: signed by us, for one officer, for ten minutes."""

from datetime import datetime, timedelta

import pytest

from handlers.desk import links

SECRET = b"ours"


def test_a_link_names_its_officer_until_it_expires(now: datetime) -> None:
    token = links.make(SECRET, "an", now + links.LIFETIME)
    link = links.read(SECRET, token, now)
    assert link
    assert (link.officer, link.expires) == ("an", now + links.LIFETIME)
    assert links.read(SECRET, token, now + links.LIFETIME - timedelta(seconds=1))
    assert links.read(SECRET, token, now + links.LIFETIME) is None


def test_no_two_links_are_alike(now: datetime) -> None:
    assert links.make(SECRET, "an", now) != links.make(SECRET, "an", now)


def test_an_officer_whose_id_has_dots_can_sign_in(now: datetime) -> None:
    link = links.read(SECRET, links.make(SECRET, "an.nt", now + links.LIFETIME), now)
    assert link
    assert link.officer == "an.nt"


@pytest.mark.parametrize("part", range(4))
def test_nothing_in_a_link_can_be_changed(now: datetime, part: int) -> None:
    parts = links.make(SECRET, "an", now + links.LIFETIME).split(".")
    parts[part] = {0: "chi", 1: str(int(parts[1]) + 1)}.get(part, parts[part][:-1] + "~")
    assert links.read(SECRET, ".".join(parts), now) is None


@pytest.mark.parametrize(
    "token", ["", ".", "...", "an", "an.1.x", "ấn.9999999999.x.ý", "\x00.\udcff", "." * 9999]
)
def test_nonsense_is_no_link(now: datetime, token: str) -> None:
    assert links.read(SECRET, token, now) is None


def test_another_secret_makes_other_links(now: datetime) -> None:
    assert links.read(SECRET, links.make(b"theirs", "an", now + links.LIFETIME), now) is None
