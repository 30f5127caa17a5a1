"""The embedded engine: two small networks on onnxruntime. No torch, no token, no GPU."""

from collections.abc import Callable
from pathlib import Path
from typing import Self

from annotation.model import Annotation
from diarize_worker.engines.evidence import describe, evidence_of
from diarize_worker.engines.protocol import Labels, SpeakerHint, Waveform, no_progress
from diarize_worker.engines.sessions import open_network
from diarize_worker.stages.cluster import ClusterConfig, Clusterer
from diarize_worker.stages.embed import EmbedConfig, Embedder
from diarize_worker.stages.level import level
from diarize_worker.stages.rebuild import RebuildConfig, Rebuilder, to_annotation
from diarize_worker.stages.segment import Network, SegmentConfig, Segmenter
from diarize_worker.weights.cache import ENCODER_GRAPH, SEGMENTATION_GRAPH, read_graph


class EmbeddedEngine:
    """Labels speakers on any machine; see `DiarizationEngine`.

    The stages are told to `progress` as segment, embed, cluster and rebuild.
    """

    name = "embedded"

    def __init__(
        self,
        segmentation: Network,
        encoder: Network,
        *,
        segment: SegmentConfig | None = None,
        embed: EmbedConfig | None = None,
        cluster: ClusterConfig | None = None,
        rebuild: RebuildConfig | None = None,
    ) -> None:
        """Join the stages around two networks; see `load` for the real ones."""
        self._segmenter = Segmenter(segmentation, segment or SegmentConfig())
        self._embedder = Embedder(encoder, embed or EmbedConfig())
        self._clusterer = Clusterer(cluster or ClusterConfig())
        self._rebuilder = Rebuilder(rebuild or RebuildConfig())

    @classmethod
    def load(cls, cache_dir: Path, threads: int = 2) -> Self:
        """Return the engine with the networks that `models pull` wrote.

        Raises:
            EngineUnavailableError: Weights are missing or damaged.
        """
        segmentation = open_network(read_graph(cache_dir, SEGMENTATION_GRAPH), threads)
        return cls(segmentation, open_network(read_graph(cache_dir, ENCODER_GRAPH), threads))

    def diarize(
        self,
        waveform: Waveform,
        uri: str,
        hint: SpeakerHint,
        progress: Callable[[str, float], None] = no_progress,
    ) -> Labels:
        """Label the speakers; see `DiarizationEngine.diarize`."""
        recording = level(waveform)
        duration_s = recording.duration_s
        if not recording.num_samples:
            nobody = Annotation.of(uri, ())
            return Labels(nobody, nobody, self.name, duration_s)
        segmentation = self._segmenter(recording, lambda share: progress("segment", share))
        embeddings = self._embedder(recording, segmentation, lambda share: progress("embed", share))
        progress("cluster", 0.0)
        clustering = self._clusterer(embeddings, segmentation.num_windows, segmentation.step_s, hint)
        progress("cluster", 1.0)
        activity = self._rebuilder(segmentation, clustering)
        annotation = to_annotation(activity.is_speaking, uri, duration_s)
        progress("rebuild", 1.0)
        return Labels(
            annotation,
            to_annotation(activity.is_speaking_alone, uri, duration_s),
            self.name,
            duration_s,
            describe(clustering, annotation, hint, recording.gain),
            evidence_of(segmentation, clustering, activity, annotation),
        )
