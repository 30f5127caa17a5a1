"""The worker process: a clip in, labelled turns, words and pictures out. No Slack UI, no course."""

from diarize_worker.settings import silence_onnxruntime_telemetry

# Here, because whatever imports onnxruntime, ours or a library of ours, has come through this package first.
silence_onnxruntime_telemetry()
