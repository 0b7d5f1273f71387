"""Messages: cut where it hurts least, numbered so that typing works."""

from hypothesis import given
from hypothesis import strategies as st

from feedback.messages import SHAPES, Button, Outgoing, choices, fit, numbered, split, utf16_units

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


def test_a_channel_shows_as_many_buttons_as_it_can_and_else_lines_to_type() -> None:
    buttons = numbered([BUTTON] * 6)
    assert fit(Outgoing("Chọn:", buttons), "telegram") == [Outgoing("Chọn:", buttons)]
    assert fit(Outgoing("Chọn:", buttons[:5]), "zalo_oa") == [Outgoing("Chọn:", buttons[:5])]
    (spelled,) = fit(Outgoing("Chọn:", buttons, "7"), "zalo_oa")
    assert spelled == Outgoing("Chọn:\n" + "\n".join(f"{n}. Về đầu" for n in range(1, 7)), (), "7")
    long = Button("a" * 101, "x")
    assert fit(Outgoing("Chọn:", (long,)), "zalo_oa") == [Outgoing("Chọn:\n" + "a" * 101)]
    page = Button("Cổng", url="https://dichvu.example.vn/")
    assert fit(Outgoing("Xem:", (page,)), "zalo_bot") == [Outgoing("Xem:\nCổng: https://dichvu.example.vn/")]


@given(st.integers(0, 3000), st.integers(0, 12), st.sampled_from(sorted(SHAPES)))
def test_what_fits_a_channel_is_never_too_long_for_it(words: int, count: int, channel: str) -> None:
    pieces = fit(Outgoing("một " * words + "hết", numbered([BUTTON] * count)), channel)
    shape = SHAPES[channel]
    assert all(utf16_units(piece.text) <= shape.longest and shape.takes(piece.buttons) for piece in pieces)
