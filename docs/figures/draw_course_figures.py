"""Draw the course's figures: `python docs/figures/draw_course_figures.py`.

They are shown some 360 pixels wide on a phone, so letters are large, nothing depends on colour alone, and each
picture has one thing to say. Alt texts stand beside the cards that use them.
"""
# ruff: noqa: INP001

import itertools
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch, Rectangle

mpl.use("Agg")

FOLDER = Path(__file__).parents[2] / "course" / "content" / "module-6" / "figures"
INK, QUIET, PAPER = "#1d2433", "#5b6475", "#ffffff"
#: White letters on each of the first three have a contrast of five to one or more.
BLUE, ORANGE, GREEN, GREY = "#2a62a6", "#b04e0f", "#2a7548", "#d7dbe2"
#: In points; shown 360 pixels wide, 16 make 13 pixels.
SMALL, LARGE = 16, 18
WIDTH_IN, DPI = 6.0, 150

plt.rcParams.update(
    {
        "font.family": "DejaVu Sans",
        "font.size": SMALL,
        "text.color": INK,
        "axes.edgecolor": QUIET,
        "axes.labelcolor": INK,
        "xtick.color": INK,
        "ytick.color": INK,
        "hatch.linewidth": 1.4,
    }
)


def save(name: str) -> None:
    """Write the current figure and close it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    plt.savefig(FOLDER / f"{name}.png", dpi=DPI, facecolor=PAPER, metadata={"Software": ""})
    plt.close()


def envelope_db(frequency_hz: np.ndarray, formants_hz: tuple[float, ...]) -> np.ndarray:
    """Return the level of a vowel with these resonances, in decibels; the voice source falls off with frequency."""
    gain = np.ones_like(frequency_hz)
    for formant in formants_hz:
        bandwidth = 50 + formant / 18
        gain /= np.sqrt(
            (1 - (frequency_hz / formant) ** 2) ** 2 + (frequency_hz * bandwidth / formant**2) ** 2
        )
    return 20 * np.log10(gain) - 1.5 * np.log2(1 + frequency_hz / 100)


def formants_and_pitch() -> None:
    """Same vowel at two pitches, then another vowel."""
    say_ah, say_ee = (730.0, 1190.0, 2500.0), (290.0, 2250.0, 2950.0)
    panels = (
        ("“ah”, low pitch", 110.0, say_ah, BLUE),
        ("“ah”, high pitch: same hills", 220.0, say_ah, BLUE),
        ("“ee”, low pitch: other hills", 110.0, say_ee, ORANGE),
    )
    figure, axes = plt.subplots(3, 1, figsize=(WIDTH_IN, 6.4), sharex=True)
    grid = np.linspace(80, 3400, 1500)
    for axis, (title, pitch, formants, colour) in zip(axes, panels, strict=True):
        harmonics = np.arange(pitch, 3400, pitch)
        peak = envelope_db(grid, formants).max()
        axis.vlines(harmonics, -46, envelope_db(harmonics, formants) - peak, color=QUIET, lw=1.8)
        axis.plot(grid, envelope_db(grid, formants) - peak, color=colour, lw=3.5)
        axis.set_ylim(-46, 6)
        axis.set_yticks([])
        axis.set_title(title, loc="left", fontsize=LARGE, pad=4)
        axis.spines[["top", "right", "left"]].set_visible(False)
    axes[-1].set_xticks([0, 1000, 2000, 3000], ["0", "1", "2", "3 kHz"], fontsize=SMALL)
    figure.subplots_adjust(left=0.03, right=0.97, top=0.94, bottom=0.07, hspace=0.36)
    save("formants-and-pitch")


def strip(axis: Axes, y: float, start: float, stop: float, label: str, colour: str, hatch: str = "") -> None:
    """Draw one piece of a timeline with its label inside."""
    axis.add_patch(
        Rectangle((start, y), stop - start, 0.62, facecolor=colour, edgecolor=PAPER, hatch=hatch, lw=2)
    )
    if label:
        axis.text((start + stop) / 2, y + 0.3, label, ha="center", va="center", color=PAPER, fontsize=SMALL, weight="bold",
                  bbox={"boxstyle": "square,pad=0.12", "facecolor": colour, "edgecolor": "none"})  # fmt: skip


def five_steps() -> None:
    """One short recording after each step of the pipeline."""
    rng = np.random.default_rng(6)
    speech = ((0.3, 2.9), (3.5, 6.1), (6.6, 9.3))
    figure, axis = plt.subplots(figsize=(WIDTH_IN, 6.2))
    t = np.linspace(0, 10, 2600)
    loud = np.full_like(t, 0.03)
    for start, stop in speech:
        inside = (t > start) & (t < stop)
        loud[inside] += 0.28 * np.abs(np.sin(3.1 * (t[inside] - start))) * rng.uniform(0.6, 1, inside.sum())
    axis.vlines(t, 5.8 - loud, 5.8 + loud, color=QUIET, lw=0.8)
    for start, stop in speech:
        strip(axis, 4.35, start, stop, "speech", QUIET)
    pieces = ((0.3, 1.6), (1.6, 2.9), (3.5, 4.7), (4.7, 6.1), (6.6, 7.9), (7.9, 9.3))
    speakers = (0, 0, 1, 1, 1, 0)
    for (start, stop), speaker in zip(pieces, speakers, strict=True):
        strip(axis, 3.25, start, stop, "", GREY)
        axis.plot([start, start], [3.2, 3.92], color=INK, lw=2)
        axis.plot([stop, stop], [3.2, 3.92], color=INK, lw=2)
        heights = np.array([0.5, 0.2, 0.42, 0.3] if speaker == 0 else [0.18, 0.5, 0.25, 0.48]) + rng.normal(
            0, 0.04, 4
        )
        axis.bar(np.linspace(start + 0.3, stop - 0.3, 4), heights, 0.16, bottom=2.15, color=INK)
        strip(axis, 1.05, start, stop, f"0{speaker}", (BLUE, ORANGE)[speaker], ("", "//")[speaker])
    for start, stop, speaker in ((0.3, 2.9, 0), (3.5, 6.1, 1), (6.6, 8.1, 1), (8.1, 9.3, 0)):
        strip(axis, 0.0, start, stop, f"0{speaker}", (BLUE, ORANGE)[speaker], ("", "//")[speaker])
    axis.plot([7.9, 8.1], [0.95, 0.66], color=INK, lw=2.5)
    names = ("sound", "1 find speech", "2 cut", "3 measure", "4 group", "5 polish")
    for y, name in zip((5.8, 4.65, 3.55, 2.4, 1.35, 0.3), names, strict=True):
        axis.text(-0.15, y, name, ha="right", va="center", fontsize=SMALL)
    axis.set_xlim(-4.0, 9.6)
    axis.set_ylim(-0.2, 6.3)
    axis.axis("off")
    figure.subplots_adjust(left=0.0, right=1.0, top=1.0, bottom=0.0)
    save("five-steps")


def der_parts() -> None:
    """Two systems on AMI, everything scored: the same three parts in other proportions."""
    systems = ("pyannote 3.1\nheadsets", "diart, live\nwaits 5 s")
    parts = (
        ("missed", (9.5, 10.0), GREEN, ""),
        ("false alarm", (3.6, 5.1), GREY, ".."),
        ("confusion", (5.7, 12.4), ORANGE, "//"),
    )
    figure, axis = plt.subplots(figsize=(WIDTH_IN, 4.9))
    left = np.zeros(2)
    for name, values, colour, hatch in parts:
        axis.barh(
            [1, 0],
            values,
            left=left,
            height=0.42,
            color=colour,
            edgecolor=PAPER,
            hatch=hatch,
            label=name,
            lw=2,
        )
        for y, start, value in zip((1, 0), left, values, strict=True):
            box = {"boxstyle": "round,pad=0.15", "facecolor": PAPER, "edgecolor": "none"}
            axis.text(
                start + value / 2,
                y,
                f"{value:.1f}",
                ha="center",
                va="center",
                fontsize=SMALL,
                weight="bold",
                bbox=box,
            )
        left += values
    for y, total, name in zip((1, 0), left, systems, strict=True):
        axis.text(total + 0.5, y, f"= {total:.1f}%", va="center", fontsize=LARGE, weight="bold")
        axis.text(0, y + 0.28, name.replace("\n", ", "), va="bottom", fontsize=SMALL)
    axis.set_xlim(0, 37)
    axis.set_ylim(-0.35, 1.62)
    axis.set_yticks([])
    axis.spines[["top", "right", "left"]].set_visible(False)
    axis.set_xlabel("percent of reference speaking time, all scored")
    figure.legend(*axis.get_legend_handles_labels(), loc="upper center", ncols=3, frameon=False, fontsize=SMALL, handlelength=1.4,
                  columnspacing=1.2)  # fmt: skip
    figure.subplots_adjust(left=0.04, right=0.98, top=0.9, bottom=0.15)
    save("der-parts")


def overlap() -> None:
    """What one label per piece loses, and what one yes or no per speaker keeps."""
    figure, axis = plt.subplots(figsize=(WIDTH_IN, 5.8))
    turns = ((0, 6, 0), (4, 10, 1))
    rows = ((5.6, "Who really spoke", ("Ada", "Ben")), (0.5, "One yes or no per speaker", ("00", "01")))
    for y, title, labels in rows:
        axis.text(0, y + 1.55, title, fontsize=LARGE, va="bottom")
        for start, stop, speaker in turns:
            colour, hatch = ((BLUE, ""), (ORANGE, "//"))[speaker]
            strip(axis, y + 0.75 - 0.75 * speaker, start, stop, labels[speaker], colour, hatch)
    axis.text(0, 4.45, "One label per piece", fontsize=LARGE, va="bottom")
    strip(axis, 3.65, 0, 6, "00", BLUE)
    strip(axis, 3.65, 6, 10, "01", ORANGE, "//")
    axis.add_patch(Rectangle((4, 2.95), 2, 0.62, facecolor="none", edgecolor=INK, lw=2, ls=(0, (3, 2))))
    axis.text(6.2, 3.26, "Ben is lost here", va="center", fontsize=SMALL)
    axis.axvspan(4, 6, color=GREY, alpha=0.45, zorder=0, lw=0)
    axis.text(5, 0.08, "both talk", ha="center", va="center", fontsize=SMALL)
    axis.set_xlim(-0.2, 10.2)
    axis.set_ylim(-0.25, 7.8)
    axis.axis("off")
    figure.subplots_adjust(left=0.01, right=0.99, top=1.0, bottom=0.0)
    save("overlap")


def consent_flow() -> None:
    """Nothing is computed before a yes, and a yes can be taken back."""
    figure, axis = plt.subplots(figsize=(WIDTH_IN, 7.0))
    steps = (
        (8.6, "A recording arrives", GREY, INK),
        (7.0, "1 Tell: what, why, how long", BLUE, PAPER),
        (5.4, "2 Ask for each purpose", BLUE, PAPER),
        (3.0, "Log the yes, then compute", GREEN, PAPER),
        (1.4, "3 Keep little", GREEN, PAPER),
        (-0.2, "4 Delete everywhere", GREEN, PAPER),
    )
    for y, text, colour, ink in steps:
        box = FancyBboxPatch(
            (0.2, y),
            6.3,
            1.0,
            boxstyle="round,pad=0.02,rounding_size=0.18",
            facecolor=colour,
            edgecolor="none",
        )
        axis.add_patch(box)
        axis.text(3.35, y + 0.5, text, ha="center", va="center", color=ink, fontsize=SMALL, weight="bold")
    arrow = {"arrowstyle": "-|>", "color": INK, "lw": 2.2, "mutation_scale": 18}
    for (y, *_), (below, *_) in itertools.pairwise(steps):
        axis.annotate("", (3.35, below + 1.02), (3.35, y - 0.02), arrowprops=arrow)
    axis.text(3.6, 4.68, "a clear yes", fontsize=SMALL, va="center")
    stop = FancyBboxPatch(
        (7.2, 4.9),
        2.75,
        2.0,
        boxstyle="round,pad=0.02,rounding_size=0.18",
        facecolor=PAPER,
        edgecolor=INK,
        lw=2,
    )
    axis.add_patch(stop)
    axis.text(8.6, 5.9, "no, or\nsilence:\nnothing is\nprocessed", ha="center", va="center", fontsize=SMALL)
    axis.annotate("", (7.18, 5.9), (6.52, 5.9), arrowprops=arrow)
    axis.plot([6.55, 8.6, 8.6, 6.9], [3.5, 3.5, 0.3, 0.3], color=INK, lw=2.2, ls=(0, (4, 2)))
    axis.annotate("", (6.52, 0.3), (7.0, 0.3), arrowprops=arrow)
    axis.text(8.85, 1.95, "yes\ntaken\nback", fontsize=SMALL, va="center", linespacing=1.3)
    axis.set_xlim(0, 10.1)
    axis.set_ylim(-0.5, 9.8)
    axis.axis("off")
    figure.subplots_adjust(left=0.01, right=0.99, top=1.0, bottom=0.0)
    save("consent-flow")


if __name__ == "__main__":
    for draw in (formants_and_pitch, five_steps, der_parts, overlap, consent_flow):
        draw()
