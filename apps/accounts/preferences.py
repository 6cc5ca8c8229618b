"""How a person likes the pages: language, light or dark, guideline, keys. Kept with the person."""

from typing import Any, TypedDict

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.deprecation import MiddlewareMixin

from apps.accounts.models import User
from apps.core.errors import invalid

THEMES = ("system", "light", "dark")
KEYS_LIMIT, NAME_LIMIT = 200, 60


class Preferences(TypedDict):
    """`language` is blank for the browser's own; `keys` has the key of each command that got another."""

    language: str
    theme: str
    guideline: bool
    keys: dict[str, str]


DEFAULTS = Preferences(language="", theme="system", guideline=True, keys={})


def preferences_of(user: Any) -> Preferences:
    """What `user` chose, and the defaults of the rest; all defaults for somebody who is not logged in."""
    return Preferences(**{**DEFAULTS, **getattr(user, "preferences", {})})  # type: ignore[typeddict-item]


def preferences_set(*, user: User, **changes: Any) -> Preferences:
    """Change some of them; raises `invalid` with the valid choices."""
    for name, value in changes.items():
        _check(name, value)
    user.preferences = {**user.preferences, **changes}
    user.save(update_fields=["preferences"])
    return preferences_of(user)


def _check(name: str, value: Any) -> None:
    if name == "language":
        _check_choice("A language", value, ("", *dict(settings.LANGUAGES)))
    elif name == "theme":
        _check_choice("A theme", value, THEMES)
    elif name == "guideline":
        _check_choice("Whether the guideline shows", value, (True, False))
    elif name == "keys":
        _check_keys(value)
    else:
        raise invalid(f"A preference is one of {', '.join(DEFAULTS)}.")


def _check_choice(what: str, value: Any, choices: tuple[Any, ...]) -> None:
    if not any(value is choice or (isinstance(value, str) and value == choice) for choice in choices):
        raise invalid(f"{what} is one of {', '.join(repr(choice) for choice in choices)}.")


def _check_keys(value: Any) -> None:
    """Which commands and keys there are is the page's to know; here they are names, few and short enough."""
    names = [*value, *value.values()] if isinstance(value, dict) else [None]
    if len(names) > 2 * KEYS_LIMIT or not all(
        isinstance(name, str) and len(name) <= NAME_LIMIT for name in names
    ):
        raise invalid(
            f"Keys are at most {KEYS_LIMIT} pairs of a command and a key, of {NAME_LIMIT} characters each."
        )


class PreferredLanguage(MiddlewareMixin):
    """After Django's own choice by cookie and browser: the language that the person chose."""

    def process_request(self, request: HttpRequest) -> None:
        if language := preferences_of(request.user)["language"]:
            translation.activate(language)
            request.LANGUAGE_CODE = translation.get_language()  # type: ignore[attr-defined]


def remember_language(response: HttpResponse, language: str) -> None:
    """For the pages before the login: by cookie."""
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=365 * 24 * 3600, samesite="Lax")


def preferences_context(request: HttpRequest) -> dict[str, Any]:
    """For templates: the person's preferences, and the languages there are."""
    return {"preferences": preferences_of(getattr(request, "user", None)), "languages": settings.LANGUAGES}
