"""Makes tests/data/parity/*.npz: what the two networks answer in PyTorch, for the tests to compare ours with.

Done once; the tests need the files only. Uses PyTorch's own checkpoint loader and layers, and none of our code
for reading checkpoints or building graphs. Needs flite on the PATH for the voices, and an environment with
torch 2.13 and numpy apart from the project's own:

    python3 -m venv /tmp/torch && /tmp/torch/bin/pip install torch==2.13.0 numpy
    pip download --no-deps -d /tmp/wheels whisperx==3.8.6 resemblyzer==0.1.4
    /tmp/torch/bin/python bench/parity_inputs.py /tmp/wheels tests/data/parity
"""

import io
import pickle
import subprocess
import sys
import tempfile
import types
import wave
import zipfile
from pathlib import Path

import numpy as np
import torch
from torch import nn

RATE = 16_000
WINDOW = 5 * RATE
LINES = {
    "slt": "Good morning everyone, shall we begin with the numbers from last week? I think we are a little late.",
    "rms": "Yes, the remote control is ready for the first trial, but the case is still too expensive to make.",
    "awb": "I would rather wait for the market study, because nobody knows yet what people want to pay for it.",
    "kal16": "Well, then let us meet again on Thursday at ten, and bring the drawings with you this time, please.",
}


class Empty:
    def __init__(self, *_values):
        pass

    def __setstate__(self, _state):
        pass


class Lenient(pickle.Unpickler):
    """Loads what is there and makes empty classes of packages that are not; for the two pinned files only."""

    def find_class(self, module, name):
        try:
            return super().find_class(module, name)
        except (ImportError, AttributeError):
            return type(name, (Empty,), {})


def load(wheel, member):
    module = types.ModuleType("lenient")
    module.Unpickler, module.load, module.loads = Lenient, pickle.load, pickle.loads
    content = zipfile.ZipFile(wheel).read(member)
    return torch.load(io.BytesIO(content), map_location="cpu", weights_only=False, pickle_module=module)


class Sinc(nn.Module):
    def __init__(self):
        super().__init__()
        self.low_hz_ = nn.Parameter(torch.zeros(40, 1))
        self.band_hz_ = nn.Parameter(torch.zeros(40, 1))
        self.register_buffer("window_", torch.zeros(125))
        self.register_buffer("n_", torch.zeros(1, 125))

    def forward(self, x):
        low = 50 + torch.abs(self.low_hz_)
        high = torch.clamp(low + 50 + torch.abs(self.band_hz_), 50, RATE / 2)
        band = (high - low)[:, 0]
        low_phase, high_phase = torch.matmul(low, self.n_), torch.matmul(high, self.n_)
        left = ((torch.sin(high_phase) - torch.sin(low_phase)) / (self.n_ / 2)) * self.window_
        cosine = torch.cat([left, 2 * band.view(-1, 1), torch.flip(left, dims=[1])], dim=1)
        left = ((torch.cos(low_phase) - torch.cos(high_phase)) / (self.n_ / 2)) * self.window_
        sine = torch.cat([left, torch.zeros_like(band.view(-1, 1)), -torch.flip(left, dims=[1])], dim=1)
        filters = torch.cat([cosine / (2 * band[:, None]), sine / (2 * band[:, None])])
        return nn.functional.conv1d(x, filters[:, None], stride=10)


class Bank(nn.Module):
    def __init__(self):
        super().__init__()
        self.filterbank = Sinc()

    def forward(self, x):
        return torch.abs(self.filterbank(x))


class SincNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.wav_norm1d = nn.InstanceNorm1d(1, affine=True)
        self.conv1d = nn.ModuleList([Bank(), nn.Conv1d(80, 60, 5), nn.Conv1d(60, 60, 5)])
        self.norm1d = nn.ModuleList([nn.InstanceNorm1d(n, affine=True) for n in (80, 60, 60)])

    def forward(self, x):
        x = self.wav_norm1d(x)
        for conv, norm in zip(self.conv1d, self.norm1d, strict=True):
            x = nn.functional.leaky_relu(norm(nn.functional.max_pool1d(conv(x), 3)))
        return x


class Segmentation(nn.Module):
    def __init__(self):
        super().__init__()
        self.sincnet = SincNet()
        self.lstm = nn.LSTM(60, 128, 4, bidirectional=True, batch_first=True)
        self.linear = nn.ModuleList([nn.Linear(256, 128), nn.Linear(128, 128)])
        self.classifier = nn.Linear(128, 3)

    def forward(self, x):
        x, _ = self.lstm(self.sincnet(x).transpose(1, 2))
        for linear in self.linear:
            x = nn.functional.leaky_relu(linear(x))
        return torch.sigmoid(self.classifier(x))


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(40, 256, 3, batch_first=True)
        self.linear = nn.Linear(256, 256)

    def forward(self, mels):
        _, (hidden, _) = self.lstm(mels)
        x = torch.relu(self.linear(hidden[-1]))
        return x / torch.norm(x, dim=1, keepdim=True)


def say(voice, text):
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        subprocess.run(["flite", "-voice", voice, "-t", text, "-o", file.name], check=True)
        with wave.open(file.name) as sound:
            samples = np.frombuffer(sound.readframes(sound.getnframes()), "<i2").astype(np.float64)
            rate = sound.getframerate()
    at = np.arange(0, len(samples) - 1, rate / RATE)
    samples = np.interp(at, np.arange(len(samples)), samples)
    return 0.1 * samples / samples.std() / 3


def windows():
    """Eight windows: alone, after each other, over each other, in noise, half silent."""
    random = np.random.default_rng(0)
    slt, rms, awb, kal = (np.resize(say(voice, text), WINDOW) for voice, text in LINES.items())
    half = WINDOW // 2
    silence = np.zeros(WINDOW)
    made = [
        slt,
        np.r_[rms[:half], awb[:half]],
        slt + np.r_[silence[:half], kal[:half]],
        0.5 * rms + awb + random.normal(0, 0.01, WINDOW),
        np.r_[silence[:half], kal[:half]] + random.normal(0, 0.001, WINDOW),
        np.r_[slt[: half // 2], rms[: half // 2], awb[: half // 2], kal[: half // 2]],
        0.2 * awb + random.normal(0, 0.03, WINDOW),
        slt + rms + kal,
    ]
    return np.round(np.clip(np.stack(made), -1, 1) * 32767).astype("<i2")


def partials(num=24):
    """Mel-like input at the levels speech has: smooth in time and band, between 1e-6 and 1."""
    random = np.random.default_rng(1)
    noise = random.normal(size=(num, 160 + 8, 40 + 4))
    noise = sum(noise[:, i : i + 160] for i in range(9)) / 3
    noise = sum(noise[:, :, i : i + 40] for i in range(5)) / 2.2
    return np.exp(1.5 * noise - random.uniform(3, 8, size=(num, 1, 1))).astype(np.float16)


def main(wheels, target):
    target.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    segmentation, encoder = Segmentation().eval(), Encoder().eval()
    found = load(next(wheels.glob("whisperx-3.8.6-*.whl")), "whisperx/assets/pytorch_model.bin")
    segmentation.load_state_dict(found["state_dict"])
    found = load(next(wheels.glob("[Rr]esemblyzer-0.1.4-*.whl")), "resemblyzer/pretrained.pt")["model_state"]
    encoder.load_state_dict({k: v for k, v in found.items() if not k.startswith("similarity")})
    with torch.inference_mode():
        x = windows()
        y = segmentation(torch.tensor(x.astype(np.float32) / 32768)[:, None]).numpy()
        np.savez_compressed(target / "segmentation.npz", samples=x, speakers=y)
        print("segmentation", y.shape, "active", (y > 0.5).mean((1, 2)).round(2))
        x = partials()
        y = encoder(torch.tensor(x.astype(np.float32))).numpy()
        np.savez_compressed(target / "encoder.npz", mels=x, embeddings=y)
        print("encoder", y.shape, "mean cosine between items", (y @ y.T).mean().round(3))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
