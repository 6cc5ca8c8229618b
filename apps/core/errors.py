"""The one error type: a stable code, a sentence for people, data for machines.

The API (`core.api`), the pages (`core.pages`) and the management commands all show this same error.
"""

from typing import Any

from apps.core.sentences import say


class AppError(Exception):
    """Something a person or a client did that cannot be done, said in one sentence."""

    def __init__(self, code: str, message: str, *, status: int = 400, **data: Any) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.data = data

    def body(self) -> dict[str, Any]:
        return {"error": {"code": self.code, "message": say(self.message), "data": self.data}}


def not_found(what: str) -> AppError:
    """Also for what exists in a project the asker is no member of: its existence is not told."""
    return AppError(
        "not_found", f"There is no such {what}, or you are not a member of its project.", status=404
    )


def forbidden(role: str, need: str) -> AppError:
    return AppError(
        "forbidden", f"Your role here ({role}) does not allow this: it needs {need}.", status=403, need=need
    )


def invalid(message: str, *, code: str = "invalid", **data: Any) -> AppError:
    return AppError(code, message, status=400, **data)


def conflict(code: str, message: str, **data: Any) -> AppError:
    return AppError(code, message, status=409, **data)
