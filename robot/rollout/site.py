"""The site as the robot knows it: an address and a token, over HTTP, with deadlines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import requests

TIMEOUT = 60.0


class SiteLost(Exception):  # noqa: N818 - a state of the world
    """The site does not answer, or not now: the same may be tried again."""


class SiteRefused(Exception):  # noqa: N818 - a decision of the site
    """The site said no; its sentence."""


@dataclass(frozen=True)
class Site:
    """`url` is the site's address, such as https://vifailback.example.org; the token says which project."""

    url: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def project(self) -> int:
        """The token's project."""
        projects = self._get("projects/")
        if not projects:
            raise SiteRefused("The site knows no project of this token.")
        return int(projects[0]["id"])

    def state(self, project: int, rollout: UUID) -> tuple[str, str]:
        """What the site has of a rollout: receiving, received, taken or refused, with its sentence; or ''."""
        found = self._get(f"projects/{project}/rollouts/{rollout}/", missing=True)
        return (str(found["state"]), str(found["problem"])) if found else ("", "")

    def uploads(self, project: int) -> str:
        """Where rollouts are uploaded to."""
        return f"{self.url.rstrip('/')}/api/v1/projects/{project}/rollouts/uploads/"

    def _get(self, path: str, *, missing: bool = False) -> Any:
        address = f"{self.url.rstrip('/')}/api/v1/{path}"
        try:
            answer = requests.get(address, headers=self.headers, timeout=TIMEOUT)
        except requests.RequestException as error:
            raise SiteLost(f"The site does not answer ({type(error).__name__}).") from None
        if missing and answer.status_code == 404:
            return None
        return _checked(answer)


def _checked(answer: requests.Response) -> Any:
    if answer.status_code >= 500 or answer.status_code == 429:
        raise SiteLost(f"The site answers {answer.status_code}.")
    try:
        body = answer.json()
    except ValueError:
        raise SiteRefused("There is no ViFailback at this address.") from None
    if answer.status_code >= 400:
        raise SiteRefused(str(body["error"]["message"]) if "error" in body else f"HTTP {answer.status_code}")
    return body
