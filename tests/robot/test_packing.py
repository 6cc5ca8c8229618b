from contextlib import suppress

import msgpack
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from robot.packing import PackingError, pack, unpack


@given(arrays.arrays(st.sampled_from(["u1", "f4", "f8", "i8", "?"]), arrays.array_shapes(max_dims=4)))
def test_arrays_come_back_as_they_were(array):
    back = unpack(pack({"a": array, "list": [1, "x", None]}))
    assert back["list"] == [1, "x", None]
    assert (back["a"].dtype, back["a"].shape) == (array.dtype, array.shape)
    np.testing.assert_array_equal(back["a"], array)


def test_the_form_is_that_of_openpi():
    array = np.arange(3, dtype=np.float32)
    raw = msgpack.unpackb(pack(array), strict_map_key=False)
    assert raw == {b"__ndarray__": True, b"data": array.tobytes(), b"dtype": "<f4", b"shape": [3]}
    assert unpack(pack(np.float32(0.5))) == np.float32(0.5)


@pytest.mark.parametrize(
    "form",
    [
        {b"__ndarray__": True, b"data": b"12", b"dtype": "<f4", b"shape": [3]},
        {b"__ndarray__": True, b"data": b"12345678", b"dtype": "|O", b"shape": [1]},
        {b"__ndarray__": True, b"data": b"", b"dtype": "<f4", b"shape": [-1, 0]},
        {b"__ndarray__": True},
    ],
)
def test_what_is_no_array_is_refused(form):
    with pytest.raises(PackingError, match="cannot be read"):
        unpack(msgpack.packb(form))


def test_objects_are_never_written():
    for value in (object(), np.array([object()]), np.zeros(1, "c8")):
        with pytest.raises(PackingError):
            pack(value)


@given(st.binary(max_size=64))
def test_any_bytes_are_a_message_or_one_error(data):
    with suppress(PackingError):
        unpack(data)
