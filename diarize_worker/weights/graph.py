"""Puts an ONNX graph together, one operator at a time."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

Array = npt.NDArray[Any]
Shape = Sequence[str | int]

OPSET = 17
#: The file version that came with opset 17; onnx would write its newest, which older runtimes refuse.
IR_VERSION = 8
_BOTH_WAYS = 2


class GraphBuilder:
    """Collects operators and constants; a method that adds an operator returns its output's name."""

    def __init__(self) -> None:
        self._nodes: list[Any] = []
        self._constants: list[Any] = []

    def constant(self, array: Array) -> str:
        """Keep an array in the graph and return its name."""
        name = f"constant_{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def add(self, operator: str, *inputs: str | Array, output: int = 0, **attributes: Any) -> str:
        """Add an operator and return the name of its output number `output`; no other output is kept."""
        names = [item if isinstance(item, str) else self.constant(item) for item in inputs]
        wanted = f"value_{len(self._nodes)}"
        outputs = [""] * output + [wanted]
        self._nodes.append(helper.make_node(operator, names, outputs, **attributes))
        return wanted

    def linear(self, x: str, weight: Array, bias: Array) -> str:
        """Return (..., num_in) times weight (num_out, num_in) plus bias: (..., num_out)."""
        return self.add("Add", self.add("MatMul", x, weight.T), bias)

    def lstm(self, x: str, directions: Sequence[Sequence[Array]], *, last_state: bool = False) -> str:
        """Add an LSTM layer to (num_frames, batch, num_in).

        Args:
            x: Name of the input.
            directions: One or two of (w_ih, w_hh, b_ih, b_hh) in the order torch keeps gates in.
            last_state: Return only the last hidden state, (num_directions, batch, hidden).

        Returns:
            Name of (num_frames, batch, num_directions * hidden), or of the last state.
        """
        hidden = directions[0][1].shape[1]
        weights = (
            np.stack([_onnx_gates(w_ih) for w_ih, _, _, _ in directions]),
            np.stack([_onnx_gates(w_hh) for _, w_hh, _, _ in directions]),
            np.stack([np.concatenate([_onnx_gates(b) for b in biases]) for _, _, *biases in directions]),
        )
        way = "bidirectional" if len(directions) == _BOTH_WAYS else "forward"
        if last_state:
            return self.add("LSTM", x, *weights, output=1, hidden_size=hidden, direction=way)
        y = self.add("LSTM", x, *weights, hidden_size=hidden, direction=way)  # (frames, ways, batch, hidden)
        if len(directions) == 1:
            return self.add("Squeeze", y, np.array([1]))
        y = self.add("Transpose", y, perm=[0, 2, 1, 3])  # (frames, batch, ways, hidden)
        return self.add("Reshape", y, np.array([0, 0, len(directions) * hidden]))

    def finish(self, x: tuple[str, str, Shape], y: tuple[str, str, Shape]) -> bytes:
        """Return the checked graph as the bytes of an .onnx file.

        Args:
            x: Name inside the graph, public name and shape of the input.
            y: The same of the output.
        """
        entry = helper.make_node("Identity", [x[1]], [x[0]])
        leave = helper.make_node("Identity", [y[0]], [y[1]])
        graph = helper.make_graph(
            [entry, *self._nodes, leave],
            "whospoke",
            [helper.make_tensor_value_info(x[1], TensorProto.FLOAT, list(x[2]))],
            [helper.make_tensor_value_info(y[1], TensorProto.FLOAT, list(y[2]))],
            self._constants,
        )
        model = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="whospoke"
        )
        model.ir_version = IR_VERSION
        onnx.checker.check_model(model, full_check=True)
        content: bytes = model.SerializeToString()
        return content


def _onnx_gates(array: Array) -> Array:
    """Reorder (4 * hidden, ...) from torch's gates i, f, g, o to ONNX's i, o, f, c."""
    i, f, g, o = np.split(array, 4)
    return np.concatenate([i, o, f, g])
