"""ONNX graphs as plain functions."""

from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime

from diarize_worker.stages.segment import Network


def open_network(graph: bytes, threads: int) -> Network:
    """Return a function that runs the graph on the CPU.

    Args:
        graph: An .onnx file with one input and one output.
        threads: How many threads one run may use.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # threads that spin between runs would take the other core from whoever decodes or transcribes
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session: Any = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name

    def run(batch: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        output: npt.NDArray[np.float32] = session.run(None, {name: batch})[0]
        return output

    return run
