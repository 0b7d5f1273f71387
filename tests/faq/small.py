"""A folder of FAQ files that is read in no time."""

from pathlib import Path

ENTRY = """\
  - id: {id}
    topic: bau-cu
    unit: CQDP
    confidence: checked
    question: {question}
    answer: {answer}
"""
OTHERS = {
    "documents.yaml": "documents: []\n",
    "clarifications.yaml": "clarifications: []\n",
    "abbreviations.yaml": "abbreviations: []\n",
    "synonyms.yaml": "synonyms: []\n",
}
QUESTION = "Họp chợ phiên vào ngày nào?"


def group(code: str, *answers: str) -> str:
    """Write a file with a question for each answer; the first is QUESTION."""
    entries = "".join(
        ENTRY.format(id=f"{code}-{n}", answer=answer, question=f"Số {n} ở đâu?" if n else QUESTION)
        for n, answer in enumerate(answers)
    )
    return f"group: {code}\nname: Nhóm {code}\nentries:\n{entries}"


def fill(folder: Path) -> Path:
    folder.mkdir()
    for name, text in OTHERS.items():
        (folder / name).write_text(text)
    (folder / "G1.yaml").write_text(group("G1", "Ngày rằm."))
    return folder
