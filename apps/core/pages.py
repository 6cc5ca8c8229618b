"""What every page shares: errors shown in the site's own frame."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render

from apps.core.errors import AppError, invalid


class ErrorPages:
    """Middleware: an `AppError` that leaves a page's view becomes a page that says it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Refuses the one character that PostgreSQL cannot hold, wherever it stands but in a JSON body."""
        texts = [request.path, *_values(request.GET)]
        if not request.path.startswith("/api/") and request.method == "POST":
            texts += _values(request.POST)
        if any("\0" in text for text in texts):
            return show(request, invalid("A text holds a character that cannot be kept."))
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return show(request, error) if isinstance(error, AppError) else None


def _values(query: QueryDict) -> list[str]:
    return [value for values in query.lists() for value in values[1]]


def show(request: HttpRequest, error: AppError) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse(error.body(), status=error.status)
    return render(request, "error.html", {"error": error}, status=error.status)


def page_not_found(request: HttpRequest, exception: Any) -> HttpResponse:
    return show(request, AppError("not_found", "There is nothing at this address.", status=404))


def server_error(request: HttpRequest) -> HttpResponse:
    message = "Something went wrong on the server; it has been logged. Nothing you saved is lost."
    return show(request, AppError("server_error", message, status=500))
