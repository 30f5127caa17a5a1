"""The weight files of the embedded engine: where they come from, and the graphs made of them."""

from diarize_worker.weights.cache import missing_weights, pull

__all__ = ["missing_weights", "pull"]
