"""Writes the weighted mean of two checkpoints of the same network.

    python -m training.reader.average build/reader/pass-3 build/reader/final build/mean --second 0.5

The last pass teaches everyday questions and forgets some of Wikipedia's; the mean keeps most of
both. Source: Wortsman et al., Robust fine-tuning of zero-shot models, CVPR 2022.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from pullquote.answering.reader.packaged import TOKENIZER
from training.reader.model import ReaderModel


def average(first: Path, second: Path, out: Path, *, share: float) -> None:
    """Write `(1 - share) * first + share * second`, with the tokenizer of the first."""
    model, other = (ReaderModel.from_pretrained(folder) for folder in (first, second))
    weights, others = model.state_dict(), other.state_dict()
    mixed = {
        name: weight.lerp(others[name], share) if weight.is_floating_point() else weight
        for name, weight in weights.items()
    }
    model.load_state_dict(mixed)
    model.save_pretrained(out)
    shutil.copyfile(first / TOKENIZER, out / TOKENIZER)


def main() -> None:
    """Average two checkpoints."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("first", type=Path)
    parser.add_argument("second", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--second", dest="share", type=float, default=0.5, help="0 to 1")
    arguments = parser.parse_args()
    average(arguments.first, arguments.second, arguments.out, share=arguments.share)


if __name__ == "__main__":
    main()
