"""Citizens' files leave as attachments, under names that can do no harm."""

import pytest

from tests.handlers.desk.office import Browser, Office

pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    ("mime", "served"),
    [
        ("image/jpeg", "image/jpeg"),
        ("application/pdf", "application/pdf"),
        ("text/html", "application/octet-stream"),
        ("image/svg+xml", "application/octet-stream"),
        ("", "application/octet-stream"),
    ],
)
async def test_a_file_is_downloaded_and_never_run(
    office: Office, an: Browser, mime: str, served: str
) -> None:
    case = await office.receive(anonymous=False)
    file = await office.attach(case, "Sổ bảo hiểm.html", b"<script>", mime)
    response = await an.get(f"/desk/files/{file}")
    assert (response.status, response.content_type, await response.read()) == (200, served, b"<script>")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Disposition"] == (
        'attachment; filename="S_ b_o hi_m.html"; '
        "filename*=UTF-8''S%E1%BB%95%20b%E1%BA%A3o%20hi%E1%BB%83m.html"
    )


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("../../etc/passwd", "_.._etc_passwd"),
        ("a\r\nSet-Cookie: x=1", "a_Set-Cookie_ x=1"),
        ('"; filename=evil.exe', "_; filename=evil.exe"),
        ("gpj.\u202eexe", "gpj._exe"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
async def test_names_are_only_names(office: Office, an: Browser, given: str, name: str) -> None:
    file = await office.attach(await office.receive(anonymous=False), given, b"x")
    response = await an.get(f"/desk/files/{file}")
    assert response.headers["Content-Disposition"].startswith(f'attachment; filename="{name}"; filename*=')
    assert "Set-Cookie" not in response.headers


async def test_a_photo_without_a_name_is_named_after_its_case(office: Office, an: Browser) -> None:
    case = await office.receive(anonymous=False)
    file = await office.attach(case, "", b"x")
    header = (await an.get(f"/desk/files/{file}")).headers["Content-Disposition"]
    assert header.startswith(f'attachment; filename="{case.code}-{file}.jpg"')


async def test_what_is_not_here_yet_or_lost_is_not_found(office: Office, an: Browser) -> None:
    case = await office.receive(anonymous=False)
    coming, lost = await office.attach(case, "a.jpg"), await office.attach(case, "b.jpg", b"x")
    office.files.clear()
    assert [(await an.get(f"/desk/files/{file}")).status for file in (coming, lost)] == [404, 404]
