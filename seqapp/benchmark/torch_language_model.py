"""Language model of torch.nn.LSTM for comparison: the same windows, size and time. Needs PyTorch."""

import math
import time
from collections.abc import Callable

import numpy as np
import torch

from seqapp.language.corpus.text_windows import Windows

LEARNING_RATE = 2e-3
WEIGHT_DECAY = 0.05
CLIP_NORM = 1.0
WARMUP_SHARE = 0.05
WINDOW = 512  # tokens at once in measuring


class TorchPeer(torch.nn.Module):
    """Embedding, two layers of torch.nn.LSTM with dropout, a softmax with the embedding's weights.

    Args:
        num_tokens: V.
        num_parameters: At most; the width is the largest that keeps to it.
        dropout: Rate on the embedding, between the layers and before the softmax.
    """

    def __init__(self, num_tokens: int, num_parameters: int, dropout: float = 0.25, num_layers: int = 2):
        super().__init__()
        width = next(h for h in range(2048, 0, -1) if _size(num_tokens, h, num_layers) <= num_parameters)
        self.embedding = torch.nn.Embedding(num_tokens, width)
        torch.nn.init.normal_(self.embedding.weight, std=width**-0.5)
        self.lstm = torch.nn.LSTM(width, width, num_layers, batch_first=True, dropout=dropout)
        self.dropout = torch.nn.Dropout(dropout)
        self.bias = torch.nn.Parameter(torch.zeros(num_tokens))

    @property
    def num_parameters(self) -> int:
        return sum(p.numel() for p in self.parameters())

    def forward(self, tokens, state=None):
        x = self.dropout(self.embedding(tokens) * math.sqrt(self.embedding.embedding_dim))
        outputs, state = self.lstm(x, state)
        return self.dropout(outputs) @ self.embedding.weight.T + self.bias, state

    def train_for(self, windows: Windows, core_minutes: float, on_step: Callable | None = None) -> None:
        """Train with AdamW, warm-up and cosine over the given time, the state carried from window to window.

        Args:
            windows: `Windows`.
            core_minutes: Processor time to use.
            on_step: Function of step, share of the time that is over, and loss in nats.
        """
        optimizer = torch.optim.AdamW(self.parameters(), LEARNING_RATE, (0.9, 0.98), weight_decay=WEIGHT_DECAY)
        begin = time.process_time()
        step = 0
        state = None
        while (share := (time.process_time() - begin) / (60 * core_minutes)) < 1:
            rise, fall = min(1.0, share / WARMUP_SHARE), 0.5 * (1 + math.cos(math.pi * share))
            optimizer.param_groups[0]["lr"] = LEARNING_RATE * (rise if share < WARMUP_SHARE else fall)
            window = windows.at(step)
            state = None if window.is_first or state is None else tuple(s.detach() for s in state)
            loss, state = self._loss(window.tokens, window.targets, state)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.parameters(), CLIP_NORM)
            optimizer.step()
            step += 1
            if on_step:
                on_step(step, share, float(loss))

    def _loss(self, tokens, targets, state):
        logits, state = self(torch.tensor(np.asarray(tokens), dtype=torch.long), state)
        targets = torch.tensor(np.asarray(targets), dtype=torch.long)
        return torch.nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten()), state

    @torch.no_grad()
    def bits_per_token(self, ids, before: int) -> float:
        """Measure as `Foreseer.measure`: every token counted, the state carried from the first to the last."""
        self.eval()
        text = np.concatenate([[before], ids])
        state = None
        nats = 0.0
        for start in range(0, len(ids), WINDOW):
            piece = text[np.newaxis, start : start + WINDOW + 1]
            loss, state = self._loss(piece[:, :-1], piece[:, 1:], state)
            nats += float(loss) * (piece.shape[1] - 1)
        self.train()
        return nats / len(ids) / math.log(2.0)


def _size(num_tokens, width, num_layers):
    """Return the number of parameters of a `TorchPeer`."""
    return num_tokens * (width + 1) + num_layers * (8 * width * width + 8 * width)
