"""`caunoi chat`: a question and its answer in a terminal, or through a pipe."""

from pathlib import Path

from tests.e2e.command import caunoi


async def test_a_question_through_a_pipe_gets_its_answer(tmp_path: Path) -> None:
    ended = await caunoi("chat", folder=tmp_path, typed="luong co so hien nay la bao nhieu\nthoát\n")
    greeting, answer = ended.out.split("Cầu Nối: ")[1:]
    assert greeting.startswith("Kính chào Ông/Bà.")
    assert "2.530.000 đồng/tháng" in answer
    assert "Căn cứ:\n• Điều 3, Nghị định" in answer
    assert "  1. Không đúng ý tôi\n  2. Về đầu" in answer
    assert ended.code == 0
    assert "Traceback" not in ended.err


async def test_the_end_of_the_input_ends_the_chat(tmp_path: Path) -> None:
    ended = await caunoi("chat", folder=tmp_path, typed="Tôi muốn\x00 hỏi 😀\n\n/gopy\n1")
    assert ended.code == 0
    assert ended.out.rstrip().endswith("5. Không nêu")
    assert "Traceback" not in ended.err
