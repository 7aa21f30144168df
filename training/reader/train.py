"""Train the reader; go on where an earlier run stopped.

    python -m training.reader.train DATA [--run DIR] [--rounds N] [--share S] [--rate R] [--seed S]
                                    [--from FILE…] [--conversations]

DATA is the folder that benchmarks/sets.py reads. DIR gets the word pieces of the examples, a checkpoint
every few minutes, a log, and at the end reader.pt. The rate rises over the first 500 steps or tenth, holds,
and falls to nothing over the last third.
"""

from __future__ import annotations

import argparse
import json
import pickle
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from benchmarks.parts import Part
from index.encoder import SentenceEncoder
from training.reader.encoding import Encoded, batches, encoded, padded
from training.reader.examples import conversation_round, one_round
from training.reader.export import mean
from training.reader.measure import Prediction, figures, predicted
from training.reader.model import Reader, loss
from training.reader.records import Example
from training.reader.sources import clapnq, squad_dev

ROOT = Path(__file__).parent.parent.parent
PIECES = 5120
"""Word pieces a batch, padding counted."""
_WARM, _FALL = 500, 0.35
_SAVE, _MEASURE = 200, 800


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m training.reader.train")
    parser.add_argument("data", type=Path)
    parser.add_argument("--run", type=Path, default=ROOT / ".footnote" / "reader")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--share", type=float, default=1.0, help="how much of each round is learnt from")
    parser.add_argument("--rate", type=float, default=1.2e-4)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--from", dest="start", type=Path, nargs="*", help="weights to begin with: the mean of other runs' reader.pt"
    )
    parser.add_argument("--conversations", action="store_true", help="learn from rounds of questions in conversations")
    settings = parser.parse_args(arguments)
    settings.run.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(settings.seed)
    torch.set_num_threads(2)

    body = SentenceEncoder().folder
    made = conversation_round if settings.conversations else one_round
    order = _batches(made, settings.data, settings.run, settings.rounds, settings.share, settings.seed, body)
    steps = sum(len(of_round) for _, of_round in order)
    choose = {
        "SQuAD 2.0, chosen on": squad_dev(settings.data, Part.CHOOSE),
        "CLAPnq, chosen on": clapnq(settings.data, Part.CHOOSE),
    }

    model = Reader(body)
    if settings.start:
        model.load_state_dict(mean([torch.load(file, weights_only=True) for file in settings.start]))
    optimizer = torch.optim.AdamW(model.parameters(), lr=settings.rate, weight_decay=0.01, fused=True)
    done = _resumed(settings.run / "checkpoint.pt", model, optimizer)
    began, seen, running = time.monotonic(), 0, []
    step = 0
    for examples, of_round in order:
        for batch in of_round:
            step += 1
            if step <= done:
                continue
            for group in optimizer.param_groups:
                group["lr"] = settings.rate * _share(step, steps)
            chosen = [examples[i] for i in batch]
            arrays = {name: torch.from_numpy(a) for name, a in padded(chosen).items()}
            with torch.autocast("cpu", dtype=torch.bfloat16):
                ends, whole = model(arrays["ids"], arrays["segments"], arrays["mask"])
            value = loss(ends, whole, arrays["inside"], torch.from_numpy(_targets(chosen, ends.shape[1])))
            value.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            running.append(float(value.detach()))
            seen += len(chosen)
            if step % 50 == 0:
                rate = seen / (time.monotonic() - began)
                lately = round(float(np.mean(running)), 4)
                _log(settings.run, {"step": step, "of": steps, "loss": lately, "per second": round(rate, 1)})
                running = []
            if step % _SAVE == 0:
                _save(settings.run / "checkpoint.pt", model, optimizer, step)
            if step % _MEASURE == 0 or step == steps:
                for name, some in choose.items():
                    _log(settings.run, {"step": step, "set": name, **measured(model, some, body)})
    _write(settings.run / "reader.pt", model.state_dict())


def measured(model: Reader, examples: Sequence[Example], body: Path) -> dict[str, float]:
    """Measure a model on examples that answer and that do not, whole passages given."""
    found = encoded(examples, body / "tokenizer.json")
    read = predictions(model, [pieces for _, pieces in found])
    return {k: round(v, 4) for k, v in figures([one for one, _ in found], read).items()}


def predictions(model: Reader, pieces: Sequence[Encoded]) -> list[Prediction]:
    found: dict[int, Prediction] = {}
    model.eval()
    order = sorted(range(len(pieces)), key=lambda i: len(pieces[i].ids))
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        for at in range(0, len(order), 32):
            batch = order[at : at + 32]
            arrays = {name: torch.from_numpy(a) for name, a in padded([pieces[i] for i in batch]).items()}
            ends, whole = model(arrays["ids"], arrays["segments"], arrays["mask"])
            for i, scores, all_of_it in zip(batch, ends.float().numpy(), whole.float().tolist(), strict=True):
                found[i] = predicted(pieces[i], scores, all_of_it)
    model.train()
    return [found[i] for i in range(len(pieces))]


def _batches(
    make: Callable[[Path, int], list[Example]], data: Path, run: Path, rounds: int, share: float, seed: int, body: Path
) -> list[tuple[list[Encoded], list[list[int]]]]:
    order = []
    for number in range(rounds):
        file = run / f"round-{seed + number}.pickle"
        if not file.exists():
            made = encoded(make(data, seed + number), body / "tokenizer.json")
            _write_bytes(file, pickle.dumps([pieces for _, pieces in made]))
        examples: list[Encoded] = pickle.loads(file.read_bytes())  # noqa: S301 - written here
        examples = examples[: int(share * len(examples))]
        order.append((examples, batches([len(one.ids) for one in examples], PIECES, seed + number)))
    return order


def _targets(batch: Sequence[Encoded], length: int) -> np.ndarray:
    found = np.zeros((len(batch), length, 2), bool)
    for row, one in enumerate(batch):
        found[row, one.first or [0], 0] = True
        found[row, one.last or [0], 1] = True
    return found


def _share(step: int, steps: int) -> float:
    return min(1.0, step / min(_WARM, steps // 10 + 1), (steps - step + 1) / max(1, int(_FALL * steps)))


def _resumed(file: Path, model: Reader, optimizer: torch.optim.Optimizer) -> int:
    if not file.exists():
        return 0
    saved: dict[str, Any] = torch.load(file, weights_only=True)
    model.load_state_dict(saved["model"])
    optimizer.load_state_dict(saved["optimizer"])
    return int(saved["step"])


def _save(file: Path, model: Reader, optimizer: torch.optim.Optimizer, step: int) -> None:
    _write(file, {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "step": step})


def _write(file: Path, content: Any) -> None:
    part = file.with_suffix(".part")
    torch.save(content, part)
    part.replace(file)


def _write_bytes(file: Path, content: bytes) -> None:
    part = file.with_suffix(".part")
    part.write_bytes(content)
    part.replace(file)


def _log(run: Path, line: dict[str, Any]) -> None:
    print(json.dumps(line), flush=True)
    with open(run / "log.jsonl", "a") as stream:
        stream.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
