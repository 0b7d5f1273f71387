"""The map says who may go where."""

from feedback.staff import Role
from handlers.desk.door import Open, Staffed
from handlers.desk.map import MAP


def test_only_signing_in_is_open_to_everybody() -> None:
    assert [way.path for way in MAP if isinstance(way, Open)] == [
        "/desk/static/desk.css", "/desk/signin/{token}", "/desk/signin/{token}", "/tep/{token}",
        "/desk/signin", "/desk/signin",
    ]  # fmt: skip


def test_leaders_change_nothing() -> None:
    posts = [way for way in MAP if isinstance(way, Staffed) and way.method == "POST"]
    assert [way.path for way in posts if Role.LEADER in way.roles] == ["/desk/signout"]
