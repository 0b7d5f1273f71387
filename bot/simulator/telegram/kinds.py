"""The content of a message, for every kind that people send."""

from bot.simulator.telegram import checks
from bot.simulator.telegram.files import Files
from bot.simulator.telegram.shapes import Json

LARGE = {"width": 1280, "height": 960}
SMALL = {"width": 90, "height": 67}
FILM = {"width": 640, "height": 480}
NOT_IN_A_POLL = ("is_closed", "allows_multiple_answers", "allows_revoting", "members_only")


def text(words: str) -> Json:
    return checks.text({"text": words}, "text", 4096)


def caption(words: str) -> Json:
    return checks.text({"caption": words}, "caption", 1024)


def photo(files: Files, content: bytes) -> Json:
    small = files.keep(content[:100], "thumbnails/file_{}.jpg") | SMALL
    return {"photo": [small, files.keep(content, "photos/file_{}.jpg") | LARGE]}


def document(files: Files, content: bytes, name: str, mime: str) -> Json:
    return {"document": files.keep(content, "documents/file_{}") | {"file_name": name, "mime_type": mime}}


def voice(files: Files, content: bytes, seconds: int) -> Json:
    file = files.keep(content, "voice/file_{}.oga")
    return {"voice": file | {"duration": seconds, "mime_type": "audio/ogg"}}


def audio(files: Files, content: bytes, name: str, seconds: int) -> Json:
    file = files.keep(content, "music/file_{}.mp3")
    return {"audio": file | {"duration": seconds, "mime_type": "audio/mpeg", "file_name": name}}


def video(files: Files, content: bytes, name: str, seconds: int) -> Json:
    file = files.keep(content, "videos/file_{}.mp4")
    return {"video": file | FILM | {"duration": seconds, "mime_type": "video/mp4", "file_name": name}}


def video_note(files: Files, content: bytes, seconds: int) -> Json:
    file = files.keep(content, "video_notes/file_{}.mp4")
    return {"video_note": file | {"duration": seconds, "length": 240}}


def animation(files: Files, content: bytes, name: str) -> Json:
    """Programs that know no animations see a document."""
    file = files.keep(content, "animations/file_{}.mp4") | {"file_name": name, "mime_type": "video/mp4"}
    return {"animation": file | FILM | {"duration": 3}, "document": file}


def sticker(files: Files, emoji: str) -> Json:
    file = files.keep(b"sticker", "stickers/file_{}.webp")
    look = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
    return {"sticker": file | look | {"emoji": emoji}}


def location(latitude: float, longitude: float) -> Json:
    return {"location": {"latitude": latitude, "longitude": longitude}}


def venue(title: str, address: str, latitude: float, longitude: float) -> Json:
    """Programs that know no venues see a location."""
    place = location(latitude, longitude)
    return place | {"venue": place | {"title": title, "address": address}}


def contact(phone: str, name: str, user: int | None) -> Json:
    known = {"user_id": user} if user else {}
    return {"contact": {"phone_number": phone, "first_name": name, **known}}


def poll(name: str, question: str, options: tuple[str, ...]) -> Json:
    offered = [
        {"persistent_id": str(number), "text": option, "voter_count": 0}
        for number, option in enumerate(options)
    ]
    asked = {"id": name, "question": question, "options": offered, "total_voter_count": 0}
    return {"poll": asked | {"type": "regular", "is_anonymous": True} | dict.fromkeys(NOT_IN_A_POLL, False)}


def dice(emoji: str, value: int) -> Json:
    return {"dice": {"emoji": emoji, "value": value}}
