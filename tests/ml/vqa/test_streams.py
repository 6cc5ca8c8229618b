import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.vqa import streams
from ml.vqa.streams import ArrayFile, DataError, LinesFile, encode, read_array

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.just('"[{,\\'),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
RECORDS = st.lists(st.dictionaries(st.text(), VALUES, max_size=3), max_size=6)


@given(records=RECORDS, chunk=st.integers(1, 40), kind=st.sampled_from([ArrayFile, LinesFile]))
def test_what_is_written_is_read_whatever_the_size_of_the_pieces(tmp_path_factory, records, chunk, kind):
    path = tmp_path_factory.mktemp("stream") / "records.json"
    with kind(path) as file:
        for record in records:
            file.write(encode(record))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(streams, "_CHUNK", chunk)
        assert list(read_array(path)) == records


@pytest.mark.parametrize("indent", [None, 1])
def test_any_writers_array_or_one_object_is_read(tmp_path, indent):
    path = tmp_path / "a.json"
    for value in ([{"a": [1, {"b": "]"}]}, {}], [], {"a": 1}):
        path.write_text("\ufeff \n" + json.dumps(value, indent=indent) + "\n", encoding="utf-8")
        assert list(read_array(path)) == (value if isinstance(value, list) else [value])


@pytest.mark.parametrize("data", [b'[{"a": 1}', b"[{]", b'[{"a": 1} oh', b"[1]", b"\xff", b"["])
def test_a_broken_file_is_one_sentence(tmp_path, data):
    path = tmp_path / "a.json"
    path.write_bytes(data)
    with pytest.raises(DataError, match=r"a\.json"):
        list(read_array(path))


def test_a_file_that_could_not_be_finished_does_not_appear(tmp_path):
    def fail():
        with ArrayFile(tmp_path / "a.json") as file:
            file.write("{}")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_progress_ends_at_the_whole(tmp_path):
    path = tmp_path / "a.json"
    path.write_text(json.dumps([{"text": "ä" * 50}] * 100, ensure_ascii=False), encoding="utf-8")
    seen = []
    list(read_array(path, lambda *told: seen.append(told), "reading"))
    assert seen[-1] == ("reading", path.stat().st_size, path.stat().st_size)
    assert [done for _, done, _ in seen] == sorted(done for _, done, _ in seen)
