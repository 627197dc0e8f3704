"""Report of a streaming evaluation as a table of text and as JSON."""

import dataclasses
import json

from seqapp.evaluation.streaming.chunkwise import ChunkwiseEvaluation, StreamingEvaluation
from seqapp.evaluation.streaming.endurance import Endurance
from seqapp.evaluation.streaming.silence import SECONDS

_RULE = "-" * 84
_HEAD = "  chunks  |   WER %    CER %  different | real-time factor |  p50 ms   p95 ms   max ms"


def streaming_to_text(evaluation: StreamingEvaluation) -> str:
    """Write whole and chunk-wise error rates side by side, then the cost of streaming; ends in a line break."""
    lines = [
        f"{len(evaluation.whole.examples)} utterances, whole and in chunks; different: texts that are not the whole's",
        _RULE, _HEAD, _RULE,
        f"  whole   | {_rates(evaluation.whole)}          - |                - |       -        -        -",
        *map(_row, evaluation.chunkwise), _RULE,
        "Real-time factor: processor seconds of all threads a second of audio. Times: chunk in to partial text out.",
        "",
        "Words heard where nothing is said, by seconds of it",
        f"  {'':<14}" + "".join(f"{seconds:>7g}" for seconds in SECONDS),
        *(f"  {kind:<14}" + "".join(f"{n:>7}" for n in counts) for kind, counts in evaluation.false_alarms.items()),
    ]  # fmt: skip
    if evaluation.endurance:
        lines += ["", *_cost(evaluation.endurance)]
    return "\n".join(lines) + "\n"


def streaming_to_json(evaluation: StreamingEvaluation) -> str:
    """Return the same as a JSON object; ends in a line break."""
    values = {
        "num_examples": len(evaluation.whole.examples),
        "whole": {"wer": evaluation.whole.words.rate, "cer": evaluation.whole.characters.rate},
        "chunkwise": [_values(row) for row in evaluation.chunkwise],
        "false_alarms": {
            kind: dict(zip(map(str, SECONDS), counts, strict=True)) for kind, counts in evaluation.false_alarms.items()
        },
        "endurance": evaluation.endurance and dataclasses.asdict(evaluation.endurance),
    }
    return json.dumps(values, indent=1) + "\n"


def _cost(endurance: Endurance) -> list[str]:
    return [
        f"{endurance.minutes:g} minutes of audio in one stream: {endurance.num_utterances} utterances",
        f"  real-time factor {endurance.real_time_factor:.3f}",
        f"  memory grew by {endurance.growth_mb:.1f} MiB after the first tenth",
    ]


def _values(row: ChunkwiseEvaluation) -> dict:
    return {
        "chunk_ms": row.chunk_ms,
        "wer": row.evaluation.words.rate,
        "cer": row.evaluation.characters.rate,
        "num_different": row.num_different,
        "real_time_factor": row.real_time_factor,
        "p50_ms": row.latency_ms(0.5),
        "p95_ms": row.latency_ms(0.95),
        "max_ms": row.latency_ms(1.0),
    }


def _row(row: ChunkwiseEvaluation) -> str:
    latencies = "  ".join(f"{row.latency_ms(share):>7.1f}" for share in (0.5, 0.95, 1.0))
    head = f"  {row.chunk_ms:>4g} ms | {_rates(row.evaluation)}  {row.num_different:>9}"
    return f"{head} | {row.real_time_factor:>16.3f} | {latencies}"


def _rates(evaluation) -> str:
    return f"{100 * evaluation.words.rate:>7.2f}  {100 * evaluation.characters.rate:>7.2f}"
