"""Ways to label speakers, behind one protocol."""

from diarize_worker.engines.choose import choose_engine

__all__ = ["choose_engine"]
