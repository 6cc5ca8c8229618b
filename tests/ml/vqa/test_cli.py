import json

import pytest

from ml.vqa.__main__ import main


def test_synthesize_then_build(tmp_path, capsys):
    root = str(tmp_path)
    assert main(["synthesize", "--episodes", "40", "--seed", "1", "--out", root]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["episodes"] == 40
    annotations, split = f"{root}/annotations.json", f"{root}/split.toml"
    arguments = ["build", annotations, "--images", root, "--out", f"{root}/out", "--seed", "1", "--controls"]
    assert main([*arguments, "--split", split, "--size", "320x240"]) == 0
    shown = capsys.readouterr()
    assert "VQA/ViFailback_VQA_train.json" in shown.out
    assert "40 episodes that lack pictures" in shown.err
    assert "not asked: " in shown.err


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["build", "{root}/none.json", "--images", "{root}", "--out", "{root}/out"], "none.json"),
        (["build", "{root}/bad.json", "--images", "{root}", "--out", "{root}/out"], "no whole JSON array"),
        (["build", "{root}/one.json", "--images", "{root}", "--out", "{root}/bad.json"], "bad.json"),
    ],
)
def test_what_cannot_be_used_is_one_sentence(tmp_path, capsys, arguments, part):
    (tmp_path / "bad.json").write_text("[{")
    (tmp_path / "one.json").write_text(
        '[{"task": "Push.", "images": ["a/t/frames/episode_1/0.jpg"], "failure_detection": "no"}]'
    )
    assert main([each.format(root=tmp_path) for each in arguments]) == 2
    error = capsys.readouterr().err.strip()
    assert error.startswith("error: ")
    assert part in error
    assert "\n" not in error


@pytest.mark.parametrize("arguments", [["--size", "0x2"], ["--size", "big"]])
def test_a_size_must_be_one(tmp_path, arguments):
    with pytest.raises(SystemExit):
        main(["build", "a", "--images", "b", "--out", "c", *arguments])
