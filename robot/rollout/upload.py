"""Sends recorded rollouts to the site: each exactly once, in the order they were recorded, through outages.

What was sent is asked of the site, not remembered: a rollout that the site has is not sent again. A transfer
that was cut off goes on where it stopped (tus), also after this process was killed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from requests import RequestException
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError
from tusclient.storage.filestorage import FileStorage
from tusclient.uploader import Uploader

from robot.formats import FormatRejected
from robot.formats.rollout import MANIFEST, PART, Manifest, digest_of, pack, read_manifest
from robot.rollout.site import Site, SiteLost, SiteRefused

CHUNK: Final = 4 * 1024 * 1024
SPOOL: Final = ".upload"
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 30.0
GONE: Final = (404, 410)
TRANSIENT: Final = (409, 423, 429)


@dataclass(frozen=True)
class Sent:
    """What became of one rollout: its folder, and a sentence.

    taken: the site has it. done: there is nothing more to do; where it is not taken, the site refuses it.
    """

    folder: Path
    sentence: str
    taken: bool
    done: bool = True


def recorded(directory: Path) -> list[tuple[Path, Manifest | str]]:
    """Whole rollouts below `directory` by the time they began; a sentence where one cannot be read."""
    found: list[tuple[Path, Manifest | str]] = []
    for manifest in directory.glob(f"*/{MANIFEST}"):
        folder = manifest.parent
        if folder.name.endswith(PART) or folder.name.startswith("."):
            continue
        try:
            found.append((folder, read_manifest(folder)))
        except FormatRejected as problem:
            found.append((folder, str(problem)))
    return sorted(found, key=lambda each: (_begun(each[1]), each[0].name))


def _begun(manifest: Manifest | str) -> tuple[str, int]:
    return (manifest.started, manifest.trial) if isinstance(manifest, Manifest) else ("", 0)


class Sending:
    """Sends the rollouts of one directory; keeps packed files and places to go on from in `.upload` there.

    patience: seconds without an answer after which a rollout is given up for now.
    """

    def __init__(
        self, directory: Path, site: Site, patience: float, tell: Callable[[str], None] = lambda text: None
    ) -> None:
        self.directory, self.site, self.patience, self.tell = directory, site, patience, tell
        self.spool = directory / SPOOL
        self.spool.mkdir(parents=True, exist_ok=True)
        self._project: int | None = None

    def send_all(self) -> Iterator[Sent]:
        """One after another; ends at the first that the site cannot take now, so that the order stays."""
        for folder, manifest in recorded(self.directory):
            if isinstance(manifest, str):
                yield Sent(folder, f"{folder.name}: not sent: {manifest}", taken=False)
                continue
            sent = self._send(folder, manifest)
            yield sent
            if not sent.done:
                return

    def _send(self, folder: Path, manifest: Manifest) -> Sent:
        deadline = _Deadline(self.patience)
        while True:
            try:
                sentence = self._once(folder, manifest, deadline)
                return Sent(folder, f"{folder.name}: {sentence}", taken=True)
            except (SiteRefused, FormatRejected) as problem:
                return Sent(folder, f"{folder.name}: not taken: {problem}", taken=False)
            except SiteLost as lost:
                self.tell(f"{folder.name}: {lost} Trying again.")
                if not deadline.wait():
                    return Sent(folder, f"{folder.name}: not sent: {lost}", taken=False, done=False)

    def _once(self, folder: Path, manifest: Manifest, deadline: _Deadline) -> str:
        """What there is to say when the site has it; raises SiteLost, SiteRefused, FormatRejected."""
        if self._project is None:
            self._project = self.site.project()
        rollout = UUID(manifest.id)
        state, problem = self.site.state(self._project, rollout)
        if state == "taken":
            return "is there already"
        if state not in ("received", "refused"):
            self._transfer(folder, manifest, deadline)
            state, problem = self.site.state(self._project, rollout)
        while state == "received":
            time.sleep(FIRST_PAUSE)
            state, problem = self.site.state(self._project, rollout)
        if state == "refused":
            raise SiteRefused(problem)
        return "is in the queue"

    def _transfer(self, folder: Path, manifest: Manifest, deadline: _Deadline) -> None:
        packed = self.spool / f"{manifest.id}.tar"
        if not packed.exists():
            pack(folder, packed)
        storage = FileStorage(str(self.spool / "places.json"))
        try:
            uploader = self._uploader(packed, manifest, storage)
            while uploader.offset < uploader.get_file_size():
                uploader.upload_chunk()
                deadline.restart()
        except TusCommunicationError as error:
            self._explain(error, storage, packed)
        except (RequestException, OSError) as error:
            raise SiteLost(f"The site does not answer ({type(error).__name__}).") from None
        finally:
            storage.close()
        packed.unlink()

    def _uploader(self, packed: Path, manifest: Manifest, storage: FileStorage) -> Uploader:
        client = TusClient(self.site.uploads(self._project or 0), headers=self.site.headers)
        digest = digest_of(packed)
        return client.uploader(
            str(packed),
            chunk_size=CHUNK,
            metadata={"filename": packed.name, "rollout": manifest.id, "sha256": digest},
            store_url=True,
            url_storage=storage,
            fingerprinter=_Fingerprint(f"{self.site.url}#{manifest.id}#{digest}"),
            upload_checksum=True,
        )

    def _explain(self, error: TusCommunicationError, storage: FileStorage, packed: Path) -> None:
        status = error.status_code
        if status in GONE:
            (self.spool / "places.json").unlink(missing_ok=True)  # its time is over: begin it again
            raise SiteLost("The site forgot what was sent so far.") from None
        if status is None or status >= 500 or status in TRANSIENT:
            raise SiteLost(f"The site answers {status or 'nothing'}.") from None
        raise SiteRefused(f"The site refuses it ({status}).") from None


@dataclass(frozen=True)
class _Fingerprint:
    """Under which the place to go on from is kept: the rollout at this site, with these bytes."""

    name: str

    def get_fingerprint(self, fs: object) -> str:
        return self.name


class _Deadline:
    """How long to go on without an answer, with longer and longer pauses."""

    def __init__(self, patience: float) -> None:
        self.patience = patience
        self.restart()

    def restart(self) -> None:
        self.until, self.pause = time.monotonic() + self.patience, FIRST_PAUSE

    def wait(self) -> bool:
        """Pause before another try; False when there is no time for one."""
        if time.monotonic() + self.pause > self.until:
            return False
        time.sleep(self.pause)
        self.pause = min(2 * self.pause, LONGEST_PAUSE)
        return True
