"""`transformers serve` where torchvision is not installed: `python -m ml.finetune.serving MODEL --port N`.

The stock command, in which a Qwen3-VL's processor has no part for videos (see `processor`). With torchvision
installed, use `transformers serve` itself.
"""

from __future__ import annotations

import importlib.util
import sys

import transformers
from transformers.cli.transformers import main
from transformers.models import qwen3_vl
from transformers.models.qwen3_vl import processing_qwen3_vl

from ml.finetune.processor import Qwen3VLProcessor


def serve() -> None:
    """Run `transformers serve` with this command's arguments."""
    if not importlib.util.find_spec("torchvision"):
        for module in (processing_qwen3_vl, qwen3_vl, transformers):
            module.Qwen3VLProcessor = Qwen3VLProcessor  # type: ignore[attr-defined, misc]
    sys.argv = ["transformers", "serve", *sys.argv[1:]]
    main()


if __name__ == "__main__":
    serve()
