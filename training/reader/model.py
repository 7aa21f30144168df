"""The reader as it is trained: a small transformer body with two heads, read in one pass."""

from __future__ import annotations

from pathlib import Path

from torch import Tensor, nn
from transformers import AutoModel


class Reader(nn.Module):
    """Score where an answer begins and ends, and whether the passage answers at all.

    The position of [CLS] stands for "no answer" in the scores of beginning and end.
    """

    def __init__(self, body: Path) -> None:
        super().__init__()
        self.body = AutoModel.from_pretrained(
            body, add_pooling_layer=False, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0
        )
        width = self.body.config.hidden_size
        self.ends = nn.Linear(width, 2)
        self.whole = nn.Sequential(nn.Linear(width, width), nn.Tanh(), nn.Linear(width, 1))

    def forward(self, ids: Tensor, segments: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Give the scores of begin and end, shape (batch, length, 2), and of an answer at all, shape (batch,)."""
        states = self.body(input_ids=ids, attention_mask=mask, token_type_ids=segments).last_hidden_state
        return self.ends(states), self.whole(states[:, 0])[:, 0]


def loss(ends: Tensor, whole: Tensor, inside: Tensor, targets: Tensor) -> Tensor:
    """Weigh the likelihood of the marked ends, or of none, with that of an answer at all.

    `inside` (batch, length) is true on the passage, `targets` (batch, length, 2) on every
    place where an answer may begin and end, on [CLS] when there is none.
    """
    ends, whole = ends.float(), whole.float()
    allowed = inside.clone()
    allowed[:, 0] = True
    masked = ends.masked_fill(~allowed[..., None], -1e4)
    right = masked.masked_fill(~targets, -1e9)
    spans = (masked.logsumexp(1) - right.logsumexp(1)).mean()
    answered = (~targets[:, 0, 0]).float()
    return spans + nn.functional.binary_cross_entropy_with_logits(whole, answered)
