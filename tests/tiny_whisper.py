"""Whisper weights small enough to make while a test waits: random numbers in the real file format, no torch needed.

What such a model writes down means nothing; it runs the real loading, batching and word timing code.
"""

import json
from pathlib import Path

import ctranslate2
import numpy as np
from faster_whisper.tokenizer import _LANGUAGE_CODES
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

WIDTH, HIDDEN, MELS, HEADS = 16, 32, 80, 2
END_LEAN = 4.0
NUM_TEXT_TOKENS, NUM_LANGUAGES, NUM_TIMES = 50_257, 99, 1501


def make_tiny_whisper(folder: Path, seed: int = 0) -> Path:
    """Write model.bin, config.json, vocabulary.json, tokenizer.json and preprocessor_config.json."""
    folder.mkdir(parents=True, exist_ok=True)
    tokens = _write_tokenizer(folder / "tokenizer.json")
    spec = ctranslate2.specs.WhisperSpec(1, HEADS, 1, HEADS)
    _fill(spec, np.random.default_rng(seed), len(tokens))
    first_language = tokens.index(f"<|{_LANGUAGE_CODES[0]}|>")
    spec.config.lang_ids = list(range(first_language, first_language + NUM_LANGUAGES))
    spec.config.alignment_heads = [(0, head) for head in range(HEADS)]
    spec.config.suppress_ids, spec.config.suppress_ids_begin = [], [220, NUM_TEXT_TOKENS]
    spec.register_vocabulary(tokens)
    spec.validate()
    spec.optimize(quantization="float32")
    spec.save(str(folder))
    (folder / "preprocessor_config.json").write_text(
        json.dumps({"feature_size": MELS, "sampling_rate": 16_000})
    )
    return folder


def _fill(spec: ctranslate2.specs.WhisperSpec, rng: np.random.Generator, num_tokens: int) -> None:
    def weights(*shape: int) -> np.ndarray:
        return rng.normal(0, 0.3, shape).astype(np.float32)

    def norm(layer) -> None:
        layer.gamma, layer.beta = np.ones(WIDTH, np.float32), np.zeros(WIDTH, np.float32)

    def linear(layer, size_out: int, size_in: int) -> None:
        layer.weight, layer.bias = weights(size_out, size_in), np.zeros(size_out, np.float32)

    def feed_forward(layer) -> None:
        norm(layer.layer_norm)
        linear(layer.linear_0, HIDDEN, WIDTH)
        linear(layer.linear_1, WIDTH, HIDDEN)

    def self_attention(layer) -> None:
        norm(layer.layer_norm)
        linear(layer.linear[0], 3 * WIDTH, WIDTH)
        linear(layer.linear[1], WIDTH, WIDTH)

    encoder, decoder = spec.encoder, spec.decoder
    for conv, size_in in ((encoder.conv1, MELS), (encoder.conv2, WIDTH)):
        conv.weight, conv.bias = weights(WIDTH, size_in, 3), np.zeros(WIDTH, np.float32)
    encoder.position_encodings.encodings = weights(1500, WIDTH)
    decoder.position_encodings.encodings = weights(448, WIDTH)
    for half in (encoder, decoder):
        norm(half.layer_norm)
        self_attention(half.layer[0].self_attention)
        feed_forward(half.layer[0].ffn)
    heard = decoder.layer[0].attention
    norm(heard.layer_norm)
    for layer, size_out in zip(heard.linear, (WIDTH, 2 * WIDTH, WIDTH), strict=True):
        linear(layer, size_out, WIDTH)
    decoder.embeddings.weight = weights(num_tokens, WIDTH)
    decoder.projection.weight = decoder.embeddings.weight.copy()
    # Random weights would babble to the limit; a lean towards the end keeps each chunk to a few words.
    lean = np.zeros(num_tokens, np.float32)
    lean[NUM_TEXT_TOKENS] = END_LEAN
    decoder.projection.bias = lean


def _write_tokenizer(path: Path) -> list[str]:
    """Write a byte-level tokenizer in Whisper's layout, and return its tokens by id."""
    text = sorted(pre_tokenizers.ByteLevel.alphabet())
    text += [f"Ġw{index}" for index in range(NUM_TEXT_TOKENS - len(text))]
    marks = ["<|endoftext|>", "<|startoftranscript|>"]
    marks += [f"<|{code}|>" for code in _LANGUAGE_CODES[:NUM_LANGUAGES]]
    marks += [
        f"<|{name}|>"
        for name in ("translate", "transcribe", "startoflm", "startofprev", "nospeech", "notimestamps")
    ]
    times = [f"<|{index * 0.02:.2f}|>" for index in range(NUM_TIMES)]
    tokenizer = Tokenizer(models.BPE(vocab={token: index for index, token in enumerate(text)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(marks)
    tokenizer.add_tokens([AddedToken(time, special=False) for time in times])
    tokenizer.save(str(path))
    return [tokenizer.id_to_token(index) for index in range(tokenizer.get_vocab_size())]
