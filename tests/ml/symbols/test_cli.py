import json

import cv2
import numpy as np
import pytest

from ml.symbols import Lock, StateLabel, draw
from ml.symbols.__main__ import main

CODES = "Draw Lock: {'position': [500, 350]}\nDraw OFF: {'position': [250, 500]}\n"


@pytest.fixture
def folder(tmp_path):
    cv2.imwrite(str(tmp_path / "frame.png"), np.full((180, 320, 3), (40, 90, 160), np.uint8))
    (tmp_path / "codes.txt").write_text(CODES)
    return tmp_path


def render(folder, *options):
    return main(["render", *(str(folder / name) for name in ("frame.png", "codes.txt", "out.png")), *options])


def expected(symbols):
    return draw(np.full((180, 320, 3), (160, 90, 40), np.uint8), symbols)


def drawn(folder):
    return cv2.cvtColor(cv2.imread(str(folder / "out.png")), cv2.COLOR_BGR2RGB)


def test_render_takes_normalized_codes(folder):
    assert render(folder) == 0
    np.testing.assert_array_equal(drawn(folder), expected([Lock((160, 62)), StateLabel((80, 90), "OFF")]))


def test_render_takes_the_raw_form_in_pixels(folder):
    (folder / "codes.txt").write_text('[{"type": "lock", "pos": [160, 62]}]')
    assert render(folder, "--coordinates", "pixels") == 0
    np.testing.assert_array_equal(drawn(folder), expected([Lock((160, 62))]))


def test_render_with_an_own_icon(folder):
    cv2.imwrite(str(folder / "icon.png"), np.full((9, 9, 3), 255, np.uint8))
    assert render(folder, "--lock-icon", str(folder / "icon.png")) == 0
    assert drawn(folder)[62, 160].tolist() == [255, 255, 255]


def test_render_draws_nothing_where_a_code_is_flawed(folder, capsys):
    (folder / "codes.txt").write_text(CODES + "Draw Lock: {'position': [1, 1001]}")
    assert render(folder) == 1
    assert not (folder / "out.png").exists()
    assert "codes.txt:3:26:" in capsys.readouterr().err


@pytest.mark.parametrize("missing", ["frame.png", "codes.txt"])
def test_render_says_which_file_is_missing(folder, capsys, missing):
    (folder / missing).unlink()
    assert render(folder) == 2
    assert missing in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "content"), [("frame.png", b""), ("frame.png", b"x"), ("codes.txt", b"\xff")]
)
def test_render_says_which_file_is_of_the_wrong_kind(folder, capsys, name, content):
    (folder / name).write_bytes(content)
    assert render(folder) == 2
    assert name in capsys.readouterr().err


def check(folder, capsys, *options):
    status = main(["check", str(folder / "codes.txt"), *options])
    return status, json.loads(capsys.readouterr().out)


def test_check_prints_symbols_in_the_raw_form(folder, capsys):
    assert check(folder, capsys) == (
        0,
        {
            "symbols": [
                {"type": "lock", "pos": [500, 350]},
                {"type": "state", "pos": [250, 500], "text": "OFF"},
            ],
            "errors": [],
        },
    )


@pytest.mark.parametrize("text", [CODES, '{"type": "lock", "pos": [500, 350]}\r\n'])
def test_the_mark_that_windows_editors_begin_a_file_with_changes_nothing(folder, capsys, text):
    (folder / "codes.txt").write_text(text, encoding="utf-8")
    plain = check(folder, capsys)
    (folder / "codes.txt").write_text(text, encoding="utf-8-sig")
    assert check(folder, capsys) == plain
    assert (plain[0], render(folder)) == (0, 0)


def test_check_prints_errors_and_exits_1(folder, capsys):
    status, printed = check(folder, capsys, "--coordinates", "pixels", "--size", "320x180")
    assert status == 1
    assert printed["symbols"] == []
    assert [(error["line"], error["column"]) for error in printed["errors"]] == [(1, 26), (2, 25)]
    assert "x from 0 to 319" in printed["errors"][0]["message"]


@pytest.mark.parametrize("size", ["320", "0x10", "ax3", "1x2x3"])
def test_check_refuses_what_is_no_size(folder, size):
    with pytest.raises(SystemExit):
        main(["check", str(folder / "codes.txt"), "--size", size])


def test_command_prints_structure_and_canonical_text(capsys):
    assert main(["command", "move left gripper down a bit"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["text"] == "Move the left gripper downward slightly."
    assert printed["command"]["arms"][0]["move"] == [{"direction": "downward", "magnitude": "slightly"}]


def test_command_that_cannot_be_read_exits_1(capsys):
    assert main(["command", "dance"]) == 1
    assert "'dance'" in json.loads(capsys.readouterr().out)["error"]
