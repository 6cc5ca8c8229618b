"""Finetuning of vision-language models on VQA records (paper, section 5.1): `python -m ml.finetune`."""

from ml.finetune.settings import FinetuneError, Settings, read_settings

__all__ = ["FinetuneError", "Settings", "read_settings"]
