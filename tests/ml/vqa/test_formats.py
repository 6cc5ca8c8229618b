import json

import datasets
import pytest
from PIL import Image

from ml.prompts import IMAGE
from ml.vqa import DataError, export
from ml.vqa.formats import FORMATS
from ml.vqa.records import OWN_FIELDS
from ml.vqa.streams import read_array

TEXT_FORMATS = ("release", "llamafactory", "swift", "trl")
ODD = {
    "messages": [{"role": "assistant", "content": f"{IMAGE}only"}],
    "images": ["0.jpg"],
    "tag": "a_tag_of_tomorrow",
    "weather": {"b": [1, None], "a": "ünïcode"},
}


def write(path, records):
    path.write_text(json.dumps(records), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def exported(built, tmp_path_factory):
    out = tmp_path_factory.mktemp("exported")
    export([built / "VQA/ViFailback_VQA_benchmark_lite.json"], out, TEXT_FORMATS)
    return out


def test_release_keeps_all_and_plain_keeps_what_is_not_ours(built, exported, tmp_path):
    source = built / "VQA/ViFailback_VQA_benchmark_lite.json"
    assert (exported / "release/VQA" / source.name).read_bytes() == source.read_bytes()
    export([source], tmp_path, ["release"], plain=True)
    for plain, whole in zip(
        read_array(tmp_path / "release/VQA" / source.name), read_array(source), strict=True
    ):
        assert list(plain) == ["messages", "images", "tag"]
        assert {**whole, **plain} == whole
        assert set(whole) - set(plain) <= set(OWN_FIELDS)


def test_unknown_tags_and_fields_survive_every_form(tmp_path):
    source = write(tmp_path / "odd.json", [ODD])
    export([source], tmp_path, FORMATS, images=tmp_path)
    (release,) = read_array(tmp_path / "release/VQA/odd.json")
    assert release == ODD
    rows = [
        next(read_array(tmp_path / "llamafactory/odd.json")),
        next(read_array(tmp_path / "swift/odd.jsonl")),
        next(read_array(tmp_path / "trl/odd.jsonl")),
        datasets.Dataset.from_parquet(
            str(tmp_path / "parquet/data/odd-00000-of-00001.parquet"), cache_dir=str(tmp_path / "cache")
        ).remove_columns("images")[0],
    ]
    for row in rows:
        assert row["tag"] == ODD["tag"]
        assert json.loads(row["extra"])["weather"] == ODD["weather"]


def test_llamafactory_lists_its_files_with_their_columns(exported):
    info = json.loads((exported / "llamafactory/dataset_info.json").read_text())
    (told,) = info.values()
    records = json.loads((exported / "llamafactory" / told["file_name"]).read_text())
    assert told["formatting"] == "sharegpt"
    for record in records:
        roles = [message[told["tags"]["role_tag"]] for message in record[told["columns"]["messages"]]]
        assert roles == [told["tags"]["user_tag"], told["tags"]["assistant_tag"]]
        assert record["messages"][0]["content"].count(IMAGE) == len(record[told["columns"]["images"]])


@pytest.mark.parametrize("file", ["llamafactory/{}.json", "swift/{}.jsonl", "trl/{}.jsonl"])
def test_datasets_reads_them_with_one_kind_a_column(exported, tmp_path, file):
    path = exported / file.format("ViFailback_VQA_benchmark_lite")
    rows = datasets.load_dataset("json", data_files=str(path), cache_dir=str(tmp_path), split="train")
    assert len(rows) > 100


def test_trl_places_pictures_where_the_text_has_them(exported, built):
    sources = read_array(built / "VQA/ViFailback_VQA_benchmark_lite.json")
    for row, source in zip(
        read_array(exported / "trl/ViFailback_VQA_benchmark_lite.jsonl"), sources, strict=True
    ):
        (user,), (assistant,) = row["prompt"], row["completion"]
        text = "".join(IMAGE if part["type"] == "image" else part["text"] for part in user["content"])
        assert text == source["messages"][0]["content"]
        assert assistant["content"] == [{"type": "text", "text": source["messages"][1]["content"]}]
        assert row["images"] == source["images"]


def test_parquet_holds_the_pictures_once_and_a_card(built, tmp_path):
    source = built / "VQA/ViFailback_VQA_benchmark_lite.json"
    records = list(read_array(source))
    for path in sorted({path for record in records for path in record["images"]})[:-1]:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        Image.effect_noise((64, 48), 90).convert("RGB").save(tmp_path / path)
    size = sum(path.stat().st_size for path in tmp_path.rglob("*.jpg"))
    (tmp_path / "release.json").write_text('{"project": "Trial", "annotation_hours": {"stage 1": 2.5}}')
    out = tmp_path / "parquet"
    told = export([source], tmp_path, ["parquet"], images=tmp_path)
    assert told == {"parquet": {"benchmark_lite": len(records)}}
    shards = list((out / "data").iterdir())
    assert [path.name for path in shards] == ["benchmark_lite-00000-of-00001.parquet"]
    assert shards[0].stat().st_size < 1.5 * size  # though each picture is in some six questions
    rows = datasets.load_dataset(str(out), cache_dir=str(tmp_path / "cache"), split="benchmark_lite")
    assert rows[0]["images"][0].size == (64, 48)
    assert rows[0]["question_id"] == records[0]["question_id"]
    assert json.loads(rows[0]["truth"]) == records[0]["truth"]
    assert rows[0]["messages"] == records[0]["messages"]
    card = (out / "README.md").read_text()
    assert "# Trial" in card
    assert "stage 1 2.5" in card
    assert "![Failure types](plots/failure_types.png)" in card
    assert {path.stem for path in (out / "plots").iterdir()} >= {"episodes_by_task", "annotation_hours"}
    for plot in (out / "plots").iterdir():
        assert Image.open(plot).size[0] > 300


def test_a_card_says_what_is_missing(built, tmp_path):
    source = built / "VQA/ViFailback_VQA_benchmark_codes.json"
    export([source], tmp_path, ["parquet"], images=tmp_path)
    pictures = sum(len(record["images"]) for record in read_array(source))
    card = (tmp_path / "parquet/README.md").read_text()
    assert f"Pictures that were not there: {pictures:,}" in card
    assert "Annotation hours: not recorded" in card
    assert "| contradicts |" not in card
    assert "| agrees |" in card


def test_what_cannot_be_exported_is_refused(tmp_path):
    source = write(tmp_path / "odd.json", [ODD])
    with pytest.raises(DataError, match="--images"):
        export([source], tmp_path, ["parquet"])
    with pytest.raises(DataError, match="named odd"):
        export([source, source], tmp_path, ["swift"])
