"""A release's folder: it is replaced or filled whole or not at all, and nothing of anybody's is lost."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from apps.core.errors import AppError
from apps.releases import folder
from apps.releases.folder import folder_check, folder_made
from tests.apps.releases.exporting import files_in


def write_release(place: Path, word: str) -> None:
    (place / "frames").mkdir(parents=True)
    (place / "frames" / "0.jpg").write_text(word)
    (place / "release.json").write_text(json.dumps({"files": {"frames/0.jpg": ""}, "word": word}))


def everything(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.rglob("*")}


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """An old release."""
    write_release(tmp_path / "release", "old")
    return tmp_path / "release"


@contextmanager
def refused() -> Iterator[None]:
    with pytest.raises(AppError, match="holds something that is no release") as raised:
        yield
    assert (raised.value.status, raised.value.code) == (409, "folder_in_use")


def test_a_new_folder_is_made_with_those_above_it_and_nothing_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "a" / "b"

    with folder_made(target) as made:
        write_release(made, "new")
        assert not target.exists()

    assert (target / "frames" / "0.jpg").read_text() == "new"
    assert everything(tmp_path / "a") == {"b", "b/frames", "b/frames/0.jpg", "b/release.json"}


def test_an_old_release_is_there_until_the_new_one_takes_its_place(target: Path, tmp_path: Path) -> None:
    with folder_made(target) as made:
        write_release(made, "new")
        assert (target / "frames" / "0.jpg").read_text() == "old"

    assert (target / "frames" / "0.jpg").read_text() == "new"
    assert list(tmp_path.iterdir()) == [target]


def test_folders_of_others_beside_it_are_left_alone(target: Path, tmp_path: Path) -> None:
    """Whatever they are called."""
    write_release(tmp_path / ".release.old", "somebody's only copy")
    write_release(tmp_path / ".release.abcdefgh", "of a run that was killed")
    before = files_in(tmp_path / ".release.old") | files_in(tmp_path / ".release.abcdefgh")

    with folder_made(target) as made:
        write_release(made, "new")

    assert files_in(tmp_path / ".release.old") | files_in(tmp_path / ".release.abcdefgh") == before


def test_an_empty_folder_is_filled_and_stays_the_folder_that_it_was(tmp_path: Path) -> None:
    target = tmp_path / "mounted"
    target.mkdir(mode=0o750)
    before = target.stat()

    with folder_made(target) as made:
        assert made.stat().st_dev == before.st_dev
        assert target in made.parents  # all on the file system that is perhaps mounted there
        write_release(made, "new")

    after = target.stat()
    assert (after.st_ino, after.st_mode) == (before.st_ino, before.st_mode)
    assert everything(target) == {"frames", "frames/0.jpg", "release.json"}


def test_behind_a_link_the_folder_is_replaced_and_the_link_stays(target: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(target, target_is_directory=True)

    with folder_made(link) as made:
        write_release(made, "new")

    assert link.readlink() == target
    assert (target / "frames" / "0.jpg").read_text() == "new"


@pytest.mark.parametrize("begin", [shutil.rmtree, Path.exists, lambda t: (shutil.rmtree(t), t.mkdir())])
@pytest.mark.parametrize("fault", [OSError("the disk is full"), KeyboardInterrupt()])
def test_where_writing_fails_the_target_is_as_it_was(
    target: Path, tmp_path: Path, begin: Callable[[Path], object], fault: BaseException
) -> None:
    """No folder, an old release, an empty folder."""
    begin(target)
    before = everything(tmp_path)

    with pytest.raises(type(fault)), folder_made(target) as made:  # noqa: PT012
        (made / "release.json").write_text("half")
        raise fault

    assert everything(tmp_path) == before


def test_where_the_new_one_cannot_take_its_place_the_old_one_is_put_back(
    target: Path, tmp_path: Path
) -> None:
    before = files_in(target)

    with pytest.raises(FileNotFoundError), folder_made(target) as made:
        made.rmdir()

    assert files_in(target) == before
    assert list(tmp_path.iterdir()) == [target]


def test_where_it_cannot_be_put_back_either_it_is_kept(
    target: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a crash between the two renames comes to: the old release is the only copy."""
    before = files_in(target)

    def fail(old: Path, target: Path) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr(folder, "_put_back", fail)
    with pytest.raises(OSError, match="the disk is gone"), folder_made(target) as made:
        made.rmdir()

    (room,) = tmp_path.iterdir()
    assert files_in(room / "old") == before


def test_where_filling_fails_half_way_the_folder_is_empty_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename

    def all_but_the_manifest(self: Path, to: Path) -> Path:
        if self.name == "release.json":
            raise OSError("the disk is full")
        return rename(self, to)

    monkeypatch.setattr(Path, "rename", all_but_the_manifest)
    with pytest.raises(OSError, match="the disk is full"), folder_made(tmp_path) as made:
        write_release(made, "new")

    assert everything(tmp_path) == set()


@pytest.mark.parametrize("begin", [Path.exists, lambda target: (shutil.rmtree(target), target.mkdir())])
def test_what_somebody_puts_there_meanwhile_is_not_written_over(
    target: Path, tmp_path: Path, begin: Callable[[Path], object]
) -> None:
    begin(target)
    before = files_in(target)

    with refused(), folder_made(target) as made:
        write_release(made, "new")
        (target / "thesis.tex").write_text("years of work")

    assert files_in(target) == {**before, "thesis.tex": b"years of work"}
    assert list(tmp_path.iterdir()) == [target]


def test_a_link_in_a_folder_is_something(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / "link").symlink_to(tmp_path / "data", target_is_directory=True)

    with refused():
        folder_check(tmp_path / "target")


def test_a_link_to_nowhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "target").symlink_to(tmp_path / "nowhere")

    with refused():
        folder_check(tmp_path / "target")
