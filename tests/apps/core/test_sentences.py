"""Every sentence that people read on the pages has its Chinese, and the catalogue holds nothing else."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.utils import translation
from django.utils.translation.template import templatize

from apps.core.errors import AppError, not_found
from apps.core.sentences import PART, catalogue_path, say

APPS = Path(__file__).resolve().parents[3] / "apps"
SPOKEN = {  # what makes a sentence for people, and which of its arguments that is
    "AppError": 1,
    "invalid": 0,
    "conflict": 1,
    "refuse": 0,
    "_problem": 1,
    "VideoRejected": 1,
    "PermissionDenied": 0,
    "ValidationError": 0,
    "ParseError": 0,
    "Trouble": 0,
    "AddressRefused": 0,
    "UnreadableError": 0,
    "RefusedError": 0,
    "gettext": 0,
}
NAMED = {"why", "message", "NOTE", "STOPPED", "problem"}  # arguments and variables that hold one
QUOTED = r"u?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"  # as `templatize` writes them
TRANSLATED = re.compile(rf"n?gettext\(\s*{QUOTED}")


def template_of(node: ast.expr) -> str | None:
    """The sentence with its parts as names in braces, each the last word of its expression."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if not isinstance(node, ast.JoinedStr):
        return None
    seen: dict[str, int] = {}
    pieces = []
    for piece in node.values:
        if isinstance(piece, ast.Constant):
            pieces.append(str(piece.value))
        elif isinstance(piece, ast.FormattedValue):
            name = re.findall(r"[a-z_]{2,}", ast.unparse(piece.value).lower())[-1]
            seen[name] = seen.get(name, 0) + 1
            pieces.append("{" + name + (f"_{seen[name]}" if seen[name] > 1 else "") + "}")
    return "".join(pieces)


def spoken_in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        arguments: list[ast.expr] = []
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            place = SPOKEN.get(name)
            arguments += node.args[place : place + 1] if place is not None else []
            arguments += [keyword.value for keyword in node.keywords if keyword.arg in NAMED]
        elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in NAMED:
            arguments.append(node.value)
        yield from filter(None, map(template_of, arguments))
        if isinstance(node, ast.Tuple) and len(node.elts) == 3:  # text, path, message
            yield from filter(None, [template_of(node.elts[2])])


def sources() -> list[Path]:
    """Where sentences are made: the apps, and what they show of `ml` as it is."""
    return [*APPS.rglob("*.py"), APPS.parent / "ml" / "prompts" / "drafting.py"]


def sentences() -> set[str]:
    files = [path for path in sources() if not {"migrations", "management", "sample"} & set(path.parts)]
    found = {sentence for path in files for sentence in spoken_in(path)}
    return {sentence for sentence in found if re.search(r"[A-Za-z]{2}.*[ :}].*\.$", sentence)}


def page_texts() -> set[str]:
    sources = [templatize(path.read_text()) for path in APPS.rglob("templates/**/*.*")]
    return {ast.literal_eval(text) for source in sources for text in TRANSLATED.findall(source)}


def catalogue() -> dict[str, str]:
    with catalogue_path("zh-hans").open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    ids = [message.id if isinstance(message.id, str) else message.id[0] for message in messages]
    said = [message.string if isinstance(message.string, str) else message.string[0] for message in messages]
    return dict(zip(ids, said, strict=True))


def test_nothing_is_missing() -> None:
    known = catalogue()
    assert sorted((sentences() | page_texts()) - set(known)) == []
    assert [text for text, said in known.items() if not said] == []


def test_nothing_is_left_over() -> None:
    source = "\n".join(path.read_text() for path in [*sources(), *APPS.rglob("templates/**/*.*")])
    words = {text for text in catalogue() if "{" not in text and text.lower() in source.lower()}
    words.add("{name}: {sentence}")  # a recording's, before what is wrong with it
    assert sorted(set(catalogue()) - sentences() - page_texts() - words) == []


def test_a_translation_has_the_parts_of_its_sentence() -> None:
    for text, said in catalogue().items():
        assert sorted(PART.findall(text)) == sorted(PART.findall(said)), text
        assert sorted(re.findall(r"%\((\w+)\)s", text)) == sorted(re.findall(r"%\((\w+)\)s", said)), text


def test_a_sentence_made_anywhere_is_said_in_the_language_of_its_reader() -> None:
    error = not_found("episode")
    assert error.body()["error"]["message"] == error.message
    with translation.override("zh-hans"):
        assert error.body()["error"]["message"] == "没有此片段，或者你不是其项目成员。"
        assert say("cam_left_wrist: The video has no frames.") == "cam_left_wrist：视频没有任何帧。"
        assert say("Choose the avoidance keyframe.") == "请选择规避关键帧。"
        assert say("nothing that the catalogue has") == "nothing that the catalogue has"
    assert error.code == "not_found"


@pytest.mark.parametrize("text", ["(", "a {b} c", "*?", "\n"])
def test_what_a_person_wrote_into_a_sentence_is_never_a_pattern(text: str) -> None:
    with translation.override("zh-hans"):
        assert text in say(AppError("x", f"There is nobody named {text}.").message)
