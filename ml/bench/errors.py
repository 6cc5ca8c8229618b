"""What goes wrong in a benchmark, said in one sentence each."""

from __future__ import annotations


class BenchError(Exception):
    """An input, option or run directory that cannot be used; its text is one sentence for people."""
