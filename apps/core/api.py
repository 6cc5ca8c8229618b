"""What every API endpoint shares: the error form and the reading of input."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions, serializers
from rest_framework.parsers import JSONParser
from rest_framework.response import Response
from rest_framework.views import exception_handler

from apps.core.errors import AppError


class Json(JSONParser):
    """DRF's JSON parser, for which a body nested deeper than Python goes is malformed too."""

    def parse(self, *args: Any, **options: Any) -> Any:
        try:
            return super().parse(*args, **options)
        except RecursionError:
            raise exceptions.ParseError("This JSON is nested too deeply.") from None


KEPT_HEADERS = ("Retry-After", "WWW-Authenticate")


def error_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: every error leaves as `{"error": {code, message, data}}`."""
    response = exception_handler(error, context)  # also rolls a transaction back and sets WWW-Authenticate
    known = as_app_error(error)
    if known is None:
        return response
    kept = {name: response[name] for name in KEPT_HEADERS if response is not None and name in response}
    return Response(known.body(), status=known.status, headers=kept)


def as_app_error(error: Exception) -> AppError | None:
    """An error of ours, of Django or of DRF in the one form; None for a fault."""
    if isinstance(error, AppError):
        return error
    if isinstance(error, Http404):
        return AppError("not_found", "There is nothing at this address.", status=404)
    if isinstance(error, PermissionDenied):
        return AppError("forbidden", str(error) or "This is not allowed.", status=403)
    if isinstance(error, exceptions.ValidationError):
        fields = error.detail if isinstance(error.detail, dict) else {"detail": error.detail}
        return AppError("invalid", _sentence(fields), status=400, fields=fields)
    if isinstance(error, exceptions.APIException):
        return AppError(str(error.get_codes()), str(error.detail), status=error.status_code)
    return None


def _sentence(fields: dict[str, Any]) -> str:
    """The first complaint of each field, in one sentence."""
    return " ".join(f"{name}: {_first(problem)}" for name, problem in fields.items())


def _first(problem: Any) -> str:
    while isinstance(problem, (list, dict)) and problem:
        problem = next(iter(problem.values() if isinstance(problem, dict) else problem))
    return str(problem)


def read(serializer: type[serializers.Serializer], data: Any, **options: Any) -> dict[str, Any]:
    """`data` checked against `serializer`; raises DRF's ValidationError, which leaves in the error form."""
    _require_storable(data)
    checked = serializer(data=data, **options)
    checked.is_valid(raise_exception=True)
    return checked.validated_data


def _require_storable(data: Any) -> None:
    """JSON can say NUL and half characters (lone surrogates), which neither a database nor UTF-8 can hold."""
    waiting = [data]  # and no recursion: how deep it goes is the sender's choice
    while waiting:
        value = waiting.pop()
        if isinstance(value, str) and ("\0" in value or not _is_utf8(value)):
            raise exceptions.ValidationError("A text holds a character that cannot be kept.")
        if isinstance(value, dict):
            waiting += [*value, *value.values()]
        elif isinstance(value, list):
            waiting += value


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
