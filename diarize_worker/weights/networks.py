"""The two networks of the embedded engine, from checkpoint to ONNX graph."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from diarize_worker.weights.checkpoint import CheckpointError
from diarize_worker.weights.graph import GraphBuilder

Array = npt.NDArray[Any]

#: What the segmentation network looks at, and what it makes of it.
WINDOW_SAMPLES = 80_000
FRAMES_PER_WINDOW = 293
LOCAL_SPEAKERS = 3

_LOWEST_HZ = 50
_NARROWEST_BAND_HZ = 50
_HIGHEST_HZ = 8000
_LSTM_WEIGHTS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


class _State:
    """The tensors of a checkpoint, and which of them have found their place."""

    def __init__(self, checkpoint: Any, entry: str, unused: frozenset[str] = frozenset()) -> None:
        self._tensors: dict[str, Array] = _entry(checkpoint, entry)
        self._left = set(self._tensors) - unused

    def __contains__(self, name: str) -> bool:
        return name in self._tensors

    def take(self, name: str) -> Array:
        """Return a tensor and remember that it was used."""
        tensor: Array = _entry(self._tensors, name)
        self._left.discard(name)
        return tensor

    def lstm_layers(self, ways: tuple[str, ...]) -> list[list[list[Array]]]:
        """Return the weights of each LSTM layer, per direction."""
        layers: list[list[list[Array]]] = []
        while f"lstm.weight_ih_l{len(layers)}" in self:
            names = [[f"lstm.{kind}_l{len(layers)}{way}" for kind in _LSTM_WEIGHTS] for way in ways]
            layers.append([[self.take(name) for name in direction] for direction in names])
        return layers

    def check_all_used(self) -> None:
        """Raise when a tensor has no place in the graph: then it is another network."""
        if self._left:
            raise CheckpointError(f"This checkpoint is of another network: {sorted(self._left)} left over.")


def build_segmentation(checkpoint: Any) -> bytes:
    """Return the segmentation network: waveform (batch, 1, 80000) -> speakers (batch, 293, 3), each 0 to 1.

    Instance norm; three times convolution, pooling, norm and leaky ReLU, the first convolution with sinc
    filters; bidirectional LSTMs; linear layers; a sigmoid per local speaker.
    """
    state = _State(checkpoint, "state_dict")
    stride = int(_entry(_entry(_entry(checkpoint, "hyper_parameters"), "sincnet"), "stride"))
    graph = GraphBuilder()

    def instance_norm(x: str, name: str) -> str:
        scale, shift = state.take(f"{name}.weight"), state.take(f"{name}.bias")
        return graph.add("InstanceNormalization", x, scale, shift, epsilon=1e-5)

    x = instance_norm("x", "sincnet.wav_norm1d")  # (batch, 1, 80000)
    filters = _sinc_filters(state.take)
    x = graph.add("Conv", x, filters, strides=[stride], kernel_shape=[filters.shape[2]])
    x = graph.add("Abs", x)  # (batch, 80, 7975)
    for layer in range(3):
        if layer > 0:
            kernel = state.take(f"sincnet.conv1d.{layer}.weight")
            bias = state.take(f"sincnet.conv1d.{layer}.bias")
            x = graph.add("Conv", x, kernel, bias, kernel_shape=[kernel.shape[2]])
        x = graph.add("MaxPool", x, kernel_shape=[3], strides=[3])
        x = graph.add("LeakyRelu", instance_norm(x, f"sincnet.norm1d.{layer}"), alpha=0.01)
    x = graph.add("Transpose", x, perm=[2, 0, 1])  # (293, batch, 60)
    for weights in state.lstm_layers(("", "_reverse")):
        x = graph.lstm(x, weights)  # (293, batch, 256)
    layer = 0
    while f"linear.{layer}.weight" in state:
        x = graph.linear(x, state.take(f"linear.{layer}.weight"), state.take(f"linear.{layer}.bias"))
        x = graph.add("LeakyRelu", x, alpha=0.01)  # (293, batch, 128)
        layer += 1
    x = graph.linear(x, state.take("classifier.weight"), state.take("classifier.bias"))
    y = graph.add("Sigmoid", graph.add("Transpose", x, perm=[1, 0, 2]))
    state.check_all_used()
    return graph.finish(
        ("x", "waveform", ("batch", 1, WINDOW_SAMPLES)),
        (y, "speakers", ("batch", FRAMES_PER_WINDOW, LOCAL_SPEAKERS)),
    )


def _sinc_filters(take: Callable[[str], Array]) -> Array:
    """Return the 40 cosine and 40 sine band-pass filters, (80, 1, 251) float32.

    A filter is the difference of two low-pass sincs under a window, divided by twice its band. The phases reach
    390 rad, where float32 is good to 3e-5 only; the network was trained with that rounding, so they stay
    float32 and just sine and cosine are taken in float64.
    """
    low, band, half_time, window = (
        take(f"sincnet.conv1d.0.filterbank.{name}") for name in ("low_hz_", "band_hz_", "n_", "window_")
    )  # (40, 1), (40, 1), (1, 125), (125,)
    lower = np.float32(_LOWEST_HZ) + np.abs(low)
    upper = lower + np.float32(_NARROWEST_BAND_HZ) + np.abs(band)
    upper = np.clip(upper, np.float32(_LOWEST_HZ), np.float32(_HIGHEST_HZ))
    width = upper - lower

    def wave(function: Callable[[Array], Array], edge_hz: Array) -> Array:
        return function((edge_hz * half_time).astype(np.float64)).astype(np.float32)  # (40, 125)

    even = (wave(np.sin, upper) - wave(np.sin, lower)) / (half_time / 2) * window
    odd = (wave(np.cos, lower) - wave(np.cos, upper)) / (half_time / 2) * window
    cosine = np.concatenate([even, 2 * width, even[:, ::-1]], 1) / (2 * width)
    sine = np.concatenate([odd, 0 * width, -odd[:, ::-1]], 1) / (2 * width)
    return np.concatenate([cosine, sine])[:, None]


def build_encoder(checkpoint: Any) -> bytes:
    """Return the voice encoder: mels (batch, num_frames, 40) -> embedding (batch, 256) of length 1.

    Three LSTM layers; the last hidden state through a linear layer and ReLU, divided by its length. The 1e-9
    keeps an all-zero vector zero, which the original turns into NaN.
    """
    state = _State(checkpoint, "model_state", unused=frozenset({"similarity_weight", "similarity_bias"}))
    graph = GraphBuilder()
    x = graph.add("Transpose", "x", perm=[1, 0, 2])  # (num_frames, batch, 40)
    layers = state.lstm_layers(("",))
    num_mels = layers[0][0][0].shape[1] if layers else 0
    for number, weights in enumerate(layers, start=1):
        x = graph.lstm(x, weights, last_state=number == len(layers))
    x = graph.add("Squeeze", x, np.array([0]))  # (batch, 256)
    bias = state.take("linear.bias")
    x = graph.add("Relu", graph.linear(x, state.take("linear.weight"), bias))
    length = graph.add("ReduceL2", x, axes=[1], keepdims=1)  # (batch, 1)
    y = graph.add("Div", x, graph.add("Add", length, np.array(1e-9, np.float32)))
    state.check_all_used()
    return graph.finish(
        ("x", "mels", ("batch", "num_frames", num_mels)), (y, "embedding", ("batch", len(bias)))
    )


def _entry(mapping: Any, key: str) -> Any:
    """Return mapping[key], or say that this is another checkpoint."""
    if not isinstance(mapping, dict) or key not in mapping:
        raise CheckpointError(f"This checkpoint is of another network: it has no {key}.")
    return mapping[key]
