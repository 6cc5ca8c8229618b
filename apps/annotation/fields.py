"""The fields of a document, as reviewers judge them: each by its path, joined by `/`."""

from typing import Any

from apps.annotation.document import DOCUMENT_FIELDS, EVENT_FIELDS, GUIDANCE_FIELDS, SIDES, Document
from apps.core.errors import invalid

SIDE_FIELDS = (*GUIDANCE_FIELDS, "symbols")


def fields_of(document: Document) -> dict[str, Any]:
    """Every field with its value, in the order of the stages: `events/e1/avoidance/command` and so on."""
    found = {name: document[name] for name in DOCUMENT_FIELDS}
    for event in document["events"] if document["outcome"] == "failed" else []:
        here = f"events/{event['id']}"
        found |= {f"{here}/{name}": event[name] for name in EVENT_FIELDS}
        found |= {f"{here}/{side}/{name}": event[side][name] for side in SIDES for name in SIDE_FIELDS}
    return found


def require_field(document: Document, path: str) -> str:
    """`path`, when the document has such a field; raises `no_such_field`."""
    if path not in fields_of(document):
        raise invalid("This annotation has no such field.", code="no_such_field", path=path)
    return path
