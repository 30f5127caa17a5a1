"""Both graphs answer as PyTorch did; how its answers were made: bench/parity_inputs.py."""

from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from diarize_worker.engines.sessions import open_network
from diarize_worker.weights.cache import ENCODER_GRAPH, SEGMENTATION_GRAPH, read_graph
from diarize_worker.weights.checkpoint import CheckpointError
from diarize_worker.weights.networks import build_encoder, build_segmentation
from tests.engine_parts import pulled_weights

PARITY = Path(__file__).parents[3] / "data" / "parity"


def random_encoder() -> dict:
    random = np.random.default_rng(0)
    shapes = {
        "linear.weight": (8, 6),
        "linear.bias": (8,),
        "similarity_weight": (1,),
        "similarity_bias": (1,),
    }
    for layer, num_in in enumerate((5, 6, 6)):
        shapes |= {f"lstm.weight_ih_l{layer}": (24, num_in), f"lstm.weight_hh_l{layer}": (24, 6)}
        shapes |= {f"lstm.bias_{kind}_l{layer}": (24,) for kind in ("ih", "hh")}
    return {
        "model_state": {name: random.normal(0, 0.3, shape).astype("f4") for name, shape in shapes.items()}
    }


def encode_by_hand(state: dict, mels: np.ndarray) -> np.ndarray:
    """The encoder written out, gate by gate, for one item: (num_frames, num_mels) -> (num_out,)."""
    x = mels
    for layer in range(3):
        w_ih, w_hh, b_ih, b_hh = (
            state[f"lstm.{kind}_l{layer}"] for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        )
        hidden = cell = np.zeros(w_hh.shape[1])
        states = []
        for frame in x:
            i, f, g, o = np.split(w_ih @ frame + b_ih + w_hh @ hidden + b_hh, 4)
            cell = cell / (1 + np.exp(-f)) + np.tanh(g) / (1 + np.exp(-i))
            hidden = np.tanh(cell) / (1 + np.exp(-o))
            states.append(hidden)
        x = np.array(states)
    y = np.maximum(state["linear.weight"] @ x[-1] + state["linear.bias"], 0)
    return y / np.linalg.norm(y)


class TestWithoutWeights:
    def test_the_encoder_is_what_it_says(self) -> None:
        """Random weights through the graph give what the same layers give by hand."""
        checkpoint = random_encoder()
        mels = np.random.default_rng(1).normal(size=(2, 7, 5)).astype("f4")
        found = open_network(build_encoder(checkpoint), 1)(mels)
        expected = [encode_by_hand(checkpoint["model_state"], item) for item in mels]
        np.testing.assert_allclose(found, expected, atol=1e-6)

    def test_a_silent_vector_stays_zero(self) -> None:
        checkpoint = random_encoder()
        checkpoint["model_state"]["linear.bias"][:] = -100
        assert not open_network(build_encoder(checkpoint), 1)(np.zeros((1, 3, 5), "f4")).any()

    def test_a_tensor_without_a_place_is_refused(self) -> None:
        checkpoint = random_encoder()
        checkpoint["model_state"]["extra.weight"] = np.zeros(1)
        with pytest.raises(CheckpointError, match=r"another network.*extra\.weight"):
            build_encoder(checkpoint)

    @pytest.mark.parametrize("checkpoint", [{}, [], None, {"model_state": {}}, {"state_dict": {}}])
    def test_another_checkpoint_is_refused(self, checkpoint: object) -> None:
        for build in (build_encoder, build_segmentation):
            with pytest.raises(CheckpointError, match="another network"):
                build(checkpoint)

    def test_garbage_is_not_a_graph(self) -> None:
        with pytest.raises(onnxruntime.capi.onnxruntime_pybind11_state.InvalidProtobuf):
            open_network(b"garbage", 1)


class TestParity:
    @pytest.mark.parametrize("threads", [1, 2])
    def test_segmentation(self, threads: int) -> None:
        """Within a mean of 1e-5, no score on the other side of the threshold, and no outlier beyond 1e-2.

        The network itself moves by 1e-2 between float32 and float64, so a tighter maximum would mean nothing.
        """
        expected = np.load(PARITY / "segmentation.npz")
        samples = expected["samples"].astype(np.float32) / 32768
        network = open_network(read_graph(pulled_weights(), SEGMENTATION_GRAPH), threads)
        found = network(samples[:, None])
        difference = np.abs(found - expected["speakers"])
        assert found.shape == (len(samples), 293, 3)
        assert difference.mean() < 1e-5
        assert difference.max() < 1e-2
        assert not ((found > 0.5) != (expected["speakers"] > 0.5)).any()

    def test_a_batch_is_its_windows_one_by_one(self) -> None:
        samples = np.load(PARITY / "segmentation.npz")["samples"][:3].astype(np.float32) / 32768
        network = open_network(read_graph(pulled_weights(), SEGMENTATION_GRAPH), 2)
        one_by_one = np.concatenate([network(window[None, None]) for window in samples])
        np.testing.assert_allclose(network(samples[:, None]), one_by_one, atol=1e-5)

    def test_encoder(self) -> None:
        """Within 1e-5 at every value."""
        expected = np.load(PARITY / "encoder.npz")
        network = open_network(read_graph(pulled_weights(), ENCODER_GRAPH), 2)
        found = network(expected["mels"].astype(np.float32))
        assert np.abs(found - expected["embeddings"]).max() < 1e-5
