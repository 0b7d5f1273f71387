"""Messages: cut where it hurts least, numbered so that typing works."""

from hypothesis import given
from hypothesis import strategies as st

from feedback.messages import Button, Outgoing, choices, numbered, split, utf16_units

BUTTON = Button("Về đầu", "menu:start")


def test_a_short_message_stays_whole() -> None:
    message = Outgoing("Xin chào.", (BUTTON,), "7")
    assert split(message) == [message]


def test_a_long_one_is_cut_at_sentences_and_keeps_its_buttons_at_the_end() -> None:
    text = " ".join(f"Đây là câu số {number} của một câu trả lời dài." for number in range(200))
    pieces = split(Outgoing(text, (BUTTON,), "7"))
    assert len(pieces) > 1
    assert all(piece.text.endswith(".") for piece in pieces)
    assert [piece.buttons for piece in pieces] == [()] * (len(pieces) - 1) + [(BUTTON,)]
    assert [piece.reply_to for piece in pieces] == ["7"] + [""] * (len(pieces) - 1)
    assert " ".join(piece.text for piece in pieces) == text


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300), st.integers(4, 40))
def test_no_piece_is_too_long_and_no_word_is_lost(text: str, longest: int) -> None:
    pieces = split(Outgoing(text), longest)
    assert all(utf16_units(piece.text) <= longest for piece in pieces)
    assert "".join("".join(piece.text for piece in pieces).split()) == "".join(text.split())


def test_labels_show_the_number_that_can_be_typed() -> None:
    assert numbered([BUTTON, BUTTON])[1] == Button("2. Về đầu", "menu:start")
    assert numbered([BUTTON], first=3) == (Button("3. Về đầu", "menu:start"),)
    assert choices([BUTTON]) == [("menu:start", "ve dau")]
