"""When a channel counts as silent, and how it is heard again."""

from datetime import timedelta

from bot.silence import LONGEST, MANY, Silence
from tests.bot.test_pace import seconds
from tests.conftest import NOW


def a_silence() -> Silence:
    silence = Silence()
    for _ in range(MANY):
        silence.unanswered(NOW)
    return silence


def test_it_takes_several_sends_in_a_row_without_an_answer() -> None:
    silence = Silence()
    for _ in range(5):
        for _ in range(MANY - 1):
            silence.unanswered(NOW)
        assert silence.room(16, 0) == 16
        silence.answered()
    assert a_silence().room(16, 0) == 0


def test_the_first_question_comes_after_a_second() -> None:
    silence = a_silence()
    for _ in range(13):
        silence.unanswered(NOW)  # what was on the wire with the others
    assert not silence.asks(seconds(0.9))
    assert silence.asks(seconds(1))


def test_questions_come_less_and_less_often() -> None:
    silence, moments = a_silence(), []
    for moment in range(1, 60):
        if silence.asks(seconds(moment)):
            moments.append(moment)
            silence.asked(seconds(moment), reachable=False)
    assert moments == [1, 3, 7, 15, 25, 35, 45, 55]


def test_when_it_is_reachable_one_message_goes_and_its_answer_opens_the_way() -> None:
    silence = a_silence()
    silence.asked(seconds(1), reachable=True)
    assert (silence.room(16, 0), silence.room(16, 1), silence.room(0, 0)) == (1, 0, 0)
    silence.unanswered(seconds(2))
    assert silence.room(16, 0) == 0
    assert not silence.asks(seconds(3))
    silence.asked(seconds(4), reachable=True)
    silence.answered()
    assert silence.room(16, 0) == 16


def test_a_clock_that_is_set_back_does_not_prolong_it() -> None:
    assert a_silence().asks(NOW - LONGEST - timedelta(hours=1))
