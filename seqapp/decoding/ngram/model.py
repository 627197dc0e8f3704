"""Back-off n-gram model in arrays: the tokens after each context, and the shorter context to back off to."""

import dataclasses
import functools
from collections.abc import Mapping, Sequence

import numpy as np

BEGIN = "<s>"
END = "</s>"
UNKNOWN = "<unk>"


@dataclasses.dataclass(frozen=True)
class NGramModel:
    """A back-off model. Node 0 is the empty context, node 1 + t the token t, then n-grams order by order.

    The children of a node are the n-grams that lengthen it by one token; they stand side by side, sorted by token.

    Attributes:
        tokens: `[V]` strings.
        order: Longest n-gram.
        token: Int32 `[N]`, last token of each node; -1 for the empty context.
        suffix: Int32 `[N]`, the node without its first token; the empty context is its own.
        log_prob: Float32 `[N]`, natural logarithm of p(last token | those before).
        backoff: Float32 `[N]`, natural logarithm of what a longer context leaves for this node's suffix.
        first_child: Int32 `[N + 1]`: the children of node i are first_child[i] to first_child[i + 1].
        aliases: Other spellings of tokens, with their numbers; they go before the tokens' own.
    """

    tokens: tuple[str, ...]
    order: int
    token: np.ndarray
    suffix: np.ndarray
    log_prob: np.ndarray
    backoff: np.ndarray
    first_child: np.ndarray
    aliases: Mapping[str, int] = dataclasses.field(default_factory=dict)

    @classmethod
    def from_tables(
        cls, tokens: Sequence[str], tables: Sequence, log_probs: Sequence[np.ndarray], backoffs: Sequence[np.ndarray]
    ) -> "NGramModel":
        """Put the tables of all orders one behind the other.

        Args:
            tokens: `[V]` strings.
            tables: One per order, 1 first and with every token: `context`, `token` and `suffix` are arrays `[n]` as in
                `Counts`, sorted by context and then by token.
            log_probs: One float array `[n]` per order.
            backoffs: One float array `[n]` for each order but the last.
        """
        starts = np.cumsum([1, *map(len, log_probs)])
        token = np.concatenate([[-1], *(table.token for table in tables)])
        suffix = [np.zeros(1, np.int64)]
        parent = [np.zeros(0, np.int64)]
        for n, table in enumerate(tables, 1):
            below = starts[n - 2] if n > 1 else 0
            suffix.append(table.suffix + below)
            parent.append(table.context + below)
        num_nodes = len(token)
        num_children = np.bincount(np.concatenate(parent), minlength=num_nodes)
        return cls(
            tokens=tuple(tokens),
            order=len(tables),
            token=token.astype(np.int32),
            suffix=np.concatenate(suffix).astype(np.int32),
            log_prob=np.concatenate([[0.0], *log_probs]).astype(np.float32),
            backoff=np.concatenate([[0.0], *backoffs, np.zeros(len(log_probs[-1]))]).astype(np.float32),
            # The first children are the unigrams; the order of parents is that of their children.
            first_child=np.concatenate([[1], 1 + np.cumsum(num_children)]).astype(np.int32),
        )

    def __len__(self):
        return len(self.token)

    @functools.cached_property
    def index(self) -> dict[str, int]:
        """Token -> its number; aliases count."""
        return {token: i for i, token in enumerate(self.tokens)} | self.aliases

    def number(self, token: str) -> int:
        """Return the number of a token, that of the unknown one where the model does not hold it.

        Raises:
            ValueError: If there is no unknown one either.
        """
        number = self.index.get(token, self.index.get(UNKNOWN))
        if number is None:
            raise ValueError(
                f"The language model knows neither {token!r} nor {UNKNOWN}. Estimate one from a text that holds it."
            )
        return number

    @property
    def begin(self) -> int:
        """The context of a sentence's first token."""
        return self.advance(0, self.index[BEGIN]) if BEGIN in self.index else 0

    def child(self, node: int, token: int) -> int:
        """Return the n-gram of a node and a token, -1 where the model does not list it."""
        first = self.first_child[node]
        last = self.first_child[node + 1]
        place = first + int(np.searchsorted(self.token[first:last], token))
        return place if place < last and self.token[place] == token else -1

    def score(self, node: int, token: int) -> float:
        """Return the natural logarithm of p(token | node)."""
        backoff = 0.0
        while (child := self.child(node, token)) < 0:
            backoff += float(self.backoff[node])
            node = int(self.suffix[node])
        return backoff + float(self.log_prob[child])

    def advance(self, node: int, token: int) -> int:
        """Return the longest known context that ends in `token` after `node`."""
        while (child := self.child(node, token)) < 0:
            node = int(self.suffix[node])
        return self.context(child)

    def context(self, node: int) -> int:
        """Return the longest suffix of a node that as a context is as good as the node.

        Nothing is known after the nodes that are passed over, and their back-off weights are 1: pruned models of other
        programs have some of another weight.
        """
        while node and self.first_child[node] == self.first_child[node + 1] and not self.backoff[node]:
            node = int(self.suffix[node])
        return node
