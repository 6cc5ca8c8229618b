"""Files from strangers: nothing outside the folder is read or written, nothing too large, nothing run."""

import io
import json
import pickle
import stat
import tarfile
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import h5py
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.formats import ArchiveLimits, FormatRejected, Recording, aloha, find, lerobot, unpack
from robot.formats.lerobot.metadata import filled

Edit = Callable[[Path], None]


def packed_zip(path: Path, entries: dict[str, bytes], modes: dict[str, int] | None = None) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in entries.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = ((modes or {}).get(name, 0o100644)) << 16
            archive.writestr(info, data)
    return path


def packed_tar(path: Path, *members: tuple[tarfile.TarInfo, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for info, data in members:
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


def member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info


BAD_PATHS = [
    "../out.json",
    "/etc/out.json",
    "a/../../out.json",
    "a\\..\\out.json",
    "c:/out.json",
    "x" * 500 + ".json",
]


@pytest.mark.parametrize("path", BAD_PATHS)
def test_no_path_leads_outside(path: str, tmp_path: Path) -> None:
    inside = tmp_path / "deep" / "inside"
    for archive in (
        packed_zip(tmp_path / "a.zip", {path: b"{}"}),
        packed_tar(tmp_path / "a.tgz", (member(path), b"{}")),
    ):
        with pytest.raises(FormatRejected, match="path that is not taken"):
            unpack(archive, inside)
    assert not [each for each in tmp_path.rglob("*.json")]


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE])
def test_no_links_and_devices_of_a_tar(kind: bytes, tmp_path: Path) -> None:
    archive = packed_tar(tmp_path / "a.tar.gz", (member("meta/info.json", kind, "/etc/passwd"), b""))
    with pytest.raises(FormatRejected, match="link or device"):
        unpack(archive, tmp_path / "inside")


def test_no_links_of_a_zip(tmp_path: Path) -> None:
    archive = packed_zip(
        tmp_path / "a.zip", {"info.json": b"/etc/passwd"}, {"info.json": stat.S_IFLNK | 0o777}
    )
    with pytest.raises(FormatRejected, match="link or device"):
        unpack(archive, tmp_path / "inside")


def test_a_bomb_is_stopped_at_what_it_really_holds(tmp_path: Path) -> None:
    archive = tmp_path / "bomb.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("a.json", bytes(5_000_000))
    with pytest.raises(FormatRejected, match="more than the 1 MB"):
        unpack(archive, tmp_path / "inside", ArchiveLimits(max_bytes=1_000_000))
    assert sum(each.stat().st_size for each in (tmp_path / "inside").rglob("*")) <= 1_000_000


def test_too_many_files_and_the_same_twice(tmp_path: Path) -> None:
    many = packed_zip(tmp_path / "many.zip", {f"{number}.json": b"" for number in range(9)})
    with pytest.raises(FormatRejected, match="more than the 5 files"):
        unpack(many, tmp_path / "a", ArchiveLimits(max_files=5))
    twice = packed_tar(tmp_path / "twice.tar.gz", (member("a.json"), b"1"), (member("./a.json"), b"2"))
    with pytest.raises(FormatRejected, match="twice"):
        unpack(twice, tmp_path / "b")


def test_a_pickle_is_left_in_its_archive(tmp_path: Path) -> None:
    archive = packed_zip(
        tmp_path / "a.zip", {"data.pkl": pickle.dumps([1]), "data.npy": b"x", "info.json": b"{}"}
    )
    assert [each.name for each in unpack(archive, tmp_path / "inside")] == ["info.json"]


@given(data=st.data(), kind=st.sampled_from(["a.zip", "a.tar.gz"]))
def test_an_archive_that_is_damaged_anywhere_is_refused_or_unpacked(
    data: st.DataObject, kind: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    content = b"{}" * 200
    if kind == "a.zip":
        with zipfile.ZipFile(folder / kind, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("info.json", content)
    else:
        packed_tar(folder / kind, (member("info.json"), content))
    packed = bytearray((folder / kind).read_bytes())
    for place in data.draw(st.lists(st.integers(0, len(packed) - 1), min_size=1, max_size=4)):
        packed[place] ^= 0x55
    (folder / kind).write_bytes(packed[: data.draw(st.integers(1, len(packed)))])
    with suppress(FormatRejected):
        unpack(folder / kind, folder / "inside")


@given(data=st.binary(max_size=400))
def test_any_bytes_are_no_archive_or_unpack(data: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("bytes")
    (folder / "a.tar").write_bytes(data)
    with suppress(FormatRejected):
        unpack(folder / "a.tar", folder / "inside")


# --- HDF5 ---


@pytest.fixture
def take(recording: Recording, tmp_path: Path) -> Path:
    aloha.write(tmp_path / "take.hdf5", recording, "jpeg")
    return tmp_path / "take.hdf5"


def replaced(place: str, value: object) -> Edit:
    def edit(path: Path) -> None:
        with h5py.File(path, "a") as file:
            del file[place]
            file[place] = value

    return edit


def external(path: Path) -> None:
    other = path.with_name("other.hdf5")
    with h5py.File(other, "w") as file:
        file["secret"] = np.zeros((12, 14), np.float32)
    replaced("observations/qpos", h5py.ExternalLink(str(other), "secret"))(path)


def raw_external(path: Path) -> None:
    secret = path.with_name("secret.bin")
    secret.write_bytes(bytes(12 * 14 * 4))
    with h5py.File(path, "a") as file:
        del file["action"]
        file.create_dataset("action", (12, 14), "f4", external=[(str(secret), 0, 12 * 14 * 4)])


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def text(path: Path) -> None:
    path.write_text("no HDF5")


BAD_FILES: dict[str, tuple[Edit, str]] = {
    "external link": (external, "link"),
    "soft link": (replaced("observations/qpos", h5py.SoftLink("/action")), "link"),
    "values in another file": (raw_external, "no data set of its own"),
    "out of step": (replaced("action", np.zeros((11, 14), np.float32)), "out of step"),
    "no numbers": (replaced("action", np.array([[b"x"] * 14] * 12)), "no table of numbers"),
    "no rows": (replaced("action", np.zeros((0, 14), np.float32)), "rows"),
    "cut off": (truncated, "HDF5|damaged"),
    "text": (text, "cannot be read as HDF5"),
    "no cameras": (replaced("observations/images", np.zeros(3)), "no cameras"),
}


@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_bad_hdf5_file_is_refused_in_one_sentence(kind: str, take: Path) -> None:
    edit, sentence = BAD_FILES[kind]
    edit(take)
    with pytest.raises(FormatRejected, match=sentence):
        aloha.read(take)


@pytest.mark.parametrize(
    ("images", "sentence"),
    [
        (np.zeros((12, 40), np.uint8), "no JPEG"),
        (np.zeros((12, 40), np.float32), "neither pictures nor JPEG"),
        (np.zeros((12, 8, 8, 4), np.uint8), "neither pictures nor JPEG"),
    ],
)
def test_bad_pictures_are_refused_when_they_are_read(images: object, sentence: str, take: Path) -> None:
    replaced("observations/images/cam_high", images)(take)
    with pytest.raises(FormatRejected, match=sentence):
        list(aloha.read(take).pictures("cam_high"))


def test_a_jpeg_that_is_cut_off_is_refused(take: Path) -> None:
    with h5py.File(take, "a") as file:
        row = file["observations/images/cam_high"][3]
        row[len(bytes(row).rstrip(b"\0")) - 20 :] = 0
        file["observations/images/cam_high"][3] = row
    with pytest.raises(FormatRejected, match=r"frame 3 is a damaged JPEG"):
        list(aloha.read(take).pictures("cam_high"))


# --- LeRobot ---


@pytest.fixture(params=["v2.1", "v3.0"])
def dataset(request: pytest.FixtureRequest, recording: Recording, tmp_path: Path) -> Path:
    lerobot.write(tmp_path / "set", [recording, recording], request.param)
    return tmp_path / "set"


def info_with(dataset: Path, **changes: object) -> None:
    path = dataset / "meta" / "info.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"codebase_version": "v9"}, "version v9"),
        ({"data_path": "../../{episode_index}.parquet"}, "not known|outside|lacks"),
        ({"video_path": "/etc/passwd"}, "outside"),
        ({"data_path": "{episode_index.__class__}"}, "lacks"),
        ({"fps": 0}, "frame rate"),
        ({"fps": "quick"}, "usual form"),
        ({"features": 7}, "usual form"),
    ],
)
def test_a_hostile_description_is_refused(changes: dict[str, object], sentence: str, dataset: Path) -> None:
    info_with(dataset, **changes)
    (found,) = find(dataset.parent)
    with pytest.raises(FormatRejected, match=sentence):
        found.read()
    assert found.problem


def test_a_link_out_of_the_data_set_is_not_followed(dataset: Path) -> None:
    video = next(dataset.rglob("*.mp4"))
    outside = dataset.parent / "outside.mp4"
    video.rename(outside)
    video.symlink_to(outside)
    with pytest.raises(FormatRejected, match="outside"):
        lerobot.open_dataset(dataset)


def test_a_video_with_fewer_frames_than_rows_is_out_of_step(dataset: Path, recording: Recording) -> None:
    from robot.formats.video import encode

    for video in dataset.rglob("*.mp4"):
        encode(video, list(recording.pictures("cam_high"))[:5], 25)
    with pytest.raises(FormatRejected, match="out of step"):
        list(lerobot.read(dataset, 1).pictures("cam_high"))


@given(
    values=st.dictionaries(st.sampled_from(["a", "b"]), st.integers(0, 999)), template=st.text(max_size=30)
)
def test_a_path_is_filled_with_numbers_only(values: dict[str, int], template: str) -> None:
    try:
        put = filled(template, **values)
    except FormatRejected:
        return
    assert "__" not in put or "__" in template
