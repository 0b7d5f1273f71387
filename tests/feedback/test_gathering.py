"""What belongs together, when it is complete, and what one message it makes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from feedback.gathering import ALBUM, LONGEST, THOUGHT, complete_at, joined, may_go_on, together
from feedback.messages import Attachment, Incoming, Kind, Part

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def wrote(number: int, text: str = "", **more: object) -> Incoming:
    at = AT + timedelta(seconds=number)
    message = Incoming("stage", "test", f"e{number}", "lan", "lan", at, text=text, message=str(number))
    return replace(message, **more)  # type: ignore[arg-type]


def photo(number: int, album: str, caption: str = "") -> Incoming:
    files = (Attachment(f"photo {number}"),)
    return wrote(number, caption, kind=Kind.FILES, attachments=files, album=album)


def words(message: Incoming) -> bool:
    return message.kind is Kind.TEXT and not message.text.startswith("/")


def nothing(_message: Incoming) -> bool:
    return False


def test_the_parts_of_an_album_are_one_and_another_album_is_not() -> None:
    lane = [photo(1, "a"), photo(2, "a", "Cầu hư"), photo(3, "b")]
    assert together(lane, nothing) == lane[:2]
    assert together(lane[2:], nothing) == lane[2:]


def test_a_thought_goes_on_until_a_command() -> None:
    lane = [wrote(1, "đèn hỏng"), wrote(2, "đã một tuần"), wrote(3, "/huy"), wrote(4, "nữa")]
    assert together(lane, words) == lane[:2]


def test_a_message_by_itself_waits_for_nothing() -> None:
    assert not may_go_on(wrote(1, "đèn hỏng"), nothing)
    assert may_go_on(wrote(1, "đèn hỏng"), words)
    assert may_go_on(photo(1, "a"), nothing)
    assert not may_go_on(replace(photo(1, "a"), kind=Kind.EDIT), nothing)


def test_it_is_complete_after_some_quiet_and_never_later_than_the_longest_wait() -> None:
    assert complete_at([photo(1, "a"), photo(2, "a")], nothing) == AT + timedelta(seconds=2) + ALBUM
    assert complete_at([wrote(1, "một"), wrote(2, "hai")], words) == AT + timedelta(seconds=2) + THOUGHT
    chatter = [wrote(number, "và") for number in range(20)]
    assert complete_at(chatter, words) == AT + LONGEST


def test_all_files_and_the_caption_are_kept_wherever_it_stands() -> None:
    whole = joined([photo(1, "a"), photo(2, "a", "Cầu hư"), photo(3, "a")])
    assert [file.remote for file in whole.attachments] == ["photo 1", "photo 2", "photo 3"]
    assert (whole.kind, whole.text, whole.message, whole.album) == (Kind.FILES, "Cầu hư", "2", "a")
    assert whole.parts == (Part("1", "", "a"), Part("2", "Cầu hư", "a"), Part("3", "", "a"))
    assert whole.at == AT + timedelta(seconds=3)


def test_a_correction_within_the_thought_is_carried_out() -> None:
    corrected = wrote(3, "đèn ngõ 21 hỏng", kind=Kind.EDIT, message="1")
    lane = [wrote(1, "đèn ngõ 12 hỏng"), wrote(2, "tối lắm"), corrected, wrote(4, "giúp với")]
    assert together(lane, words) == lane
    assert joined(lane).text == "đèn ngõ 21 hỏng\ntối lắm\ngiúp với"
    assert [part.message for part in joined(lane).parts] == ["1", "2", "4"]


def test_a_correction_of_something_else_ends_the_thought() -> None:
    lane = [wrote(1, "đèn hỏng"), wrote(2, "khác", kind=Kind.EDIT, message="77")]
    assert together(lane, words) == lane[:1]


def test_one_message_stays_as_it_is() -> None:
    assert joined([wrote(1, "đèn hỏng")]) == wrote(1, "đèn hỏng")
    assert wrote(1, "đèn hỏng").said == (Part("1", "đèn hỏng"),)


def test_if_one_part_must_not_be_kept_none_is() -> None:
    told = photo(1, "a", "Tôi tố cáo ông Mẫu").without("denunciation")
    whole = joined([told, photo(2, "a"), photo(3, "a", "ảnh ông ấy")])
    assert (whole.withheld, whole.text, whole.attachments) == ("denunciation", "", ())
    assert [part.text for part in whole.parts] == ["", "", ""]
