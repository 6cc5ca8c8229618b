"""A learned template pack as TOML text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from ml.prompts.templates import Format, ListFormat, Template

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def pack_text(name: str, version: str, templates: Mapping[str, Template], answers: Mapping[str, str]) -> str:
    """The pack's file; `answers` are the answer templates of the tags that have a learned one."""
    lines = [f"name = {_string(name)}", f"version = {_string(version)}"]
    for tag, template in sorted(templates.items()):
        lines += ["", f"[{_key(tag)}]", "questions = ["]
        lines += [f"{_string(text)}," for text in template.questions]
        lines += ["]", f"keyframe_option = {_string(template.keyframe_option)}"]
        if tag in answers:
            lines.append(f"answer = {_string(answers[tag])}")
        lines += _formats(tag, template.format)
    return "\n".join(lines) + "\n"


def _formats(tag: str, form: Format) -> Iterator[str]:
    for name in Format.__dataclass_fields__:
        listed: ListFormat = getattr(form, name)
        yield f"[{_key(tag)}.format.{name}]"
        yield f"item = {_string(listed.item)}"
        yield f"join = {_string(listed.join)}"


def _key(tag: str) -> str:
    return tag if _BARE_KEY.fullmatch(tag) else _string(tag)


def _string(text: str) -> str:
    """A basic string: JSON's escapes are TOML's, but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
