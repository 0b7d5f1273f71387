"""What people do in Telegram, in a chat of their own and in a group alike."""

import re
from collections.abc import Awaitable, Callable

from bot.simulator import samples
from bot.simulator.given import Act, Wrong
from bot.simulator.shown import Deed
from bot.simulator.telegram import Acts

START_LINK = re.compile(r"(?:https://)?t\.me/\w+\?start=([\w-]+)")
DEEDS = (
    Deed("photo", "Ảnh…", "file"),
    Deed("file", "Tệp…", "file"),
    Deed("sample", "Ảnh mẫu"),
    Deed("album", "Album mẫu, ba ảnh"),
    Deed("location", "Vị trí"),
    Deed("contact", "Danh thiếp"),
    Deed("sticker", "Nhãn dán"),
    Deed("voice", "Tin thoại"),
)
Doing = Callable[[Acts, Act, int], Awaitable[object]]


async def do(person: Acts, act: Act, topic: int = 0) -> None:
    """Raises Wrong where there is no such act."""
    found = TABLE.get(act.name)
    if found is None:
        raise Wrong(f"Ở đây không làm được «{act.name}».")
    await found(person, act, topic)


def number_of(text: str) -> int:
    """Raises LookupError where no message can have it."""
    if not text.isdecimal():
        raise LookupError(text)
    return int(text)


async def _says(person: Acts, act: Act, topic: int) -> None:
    link = START_LINK.fullmatch(act.words.strip())
    text = f"/start {link[1]}" if link else act.words
    target = number_of(act.message) if act.message else None
    await person.says(text, reply_to=target, topic=topic)


async def _sends_files(person: Acts, act: Act, topic: int) -> None:
    for file in act.chosen:
        await person.sends_document(file.content, file.name, caption=act.text, topic=topic)


async def _sends_photos(person: Acts, act: Act, topic: int) -> None:
    """Several at once are an album."""
    photos = [file.content for file in act.chosen]
    if len(photos) > 1:
        await person.sends_album(photos, act.text, topic)
    else:
        await person.sends_photo(photos[0], act.text, topic)


async def _sends_a_sample(person: Acts, act: Act, topic: int) -> None:
    await person.sends_photo(samples.picture(), act.text, topic)


async def _sends_an_album(person: Acts, act: Act, topic: int) -> None:
    await person.sends_album([samples.picture(number) for number in range(3)], act.text, topic)


TABLE: dict[str, Doing] = {
    "say": _says,
    "photo": _sends_photos,
    "file": _sends_files,
    "sample": _sends_a_sample,
    "album": _sends_an_album,
    "location": lambda person, _, __: person.sends_location(*samples.PLACE),
    "contact": lambda person, _, __: person.sends_contact(samples.PHONE),
    "sticker": lambda person, _, __: person.sends_sticker(),
    "voice": lambda person, _, __: person.sends_voice(samples.VOICE),
    "edit": lambda person, act, _: person.edits(act.words, number_of(act.message)),
    "withdraw": lambda person, act, _: person.deletes(number_of(act.message)),
}
