"""Subtitles: words with times as cues of SubRip and WebVTT."""

from collections.abc import Iterable, Iterator, Sequence

from seqapp.models.reading import Word

MAX_CHARACTERS = 84  # two lines of 42, as broadcasters ask for
MAX_SECONDS = 6.0  # a cue stays no longer
MIN_PAUSE_S = 0.8  # a pause that ends a cue


def cues(words: Iterable[Word]) -> Iterator[list[Word]]:
    """Cut words into cues: at pauses, and where a cue would grow too long to read."""
    cue: list[Word] = []
    for word in words:
        if cue and (
            word.start_s - cue[-1].end_s >= MIN_PAUSE_S
            or word.end_s - cue[0].start_s > MAX_SECONDS
            or len(_text([*cue, word])) > MAX_CHARACTERS
        ):
            yield cue
            cue = []
        cue.append(word)
    if cue:
        yield cue


def to_srt(words: Sequence[Word]) -> str:
    """Write SubRip: numbered cues, a comma before the milliseconds."""
    return "".join(srt_pieces(cues(words)))


def to_vtt(words: Sequence[Word]) -> str:
    """Write WebVTT. Reference: https://www.w3.org/TR/webvtt1"""
    return "".join(vtt_pieces(cues(words)))


def srt_pieces(cues: Iterable[list[Word]]) -> Iterator[str]:
    """Yield what `to_srt` writes, cue by cue, while cues come."""
    for number, cue in enumerate(cues, start=1):
        gap = "\n" if number > 1 else ""
        yield f"{gap}{number}\n{_span(cue, ',')}\n{_text(cue)}\n"


def vtt_pieces(cues: Iterable[list[Word]]) -> Iterator[str]:
    """Yield what `to_vtt` writes, cue by cue, while cues come."""
    yield "WEBVTT\n"
    for cue in cues:
        # Text is markup there: these three would open or close it.
        text = _text(cue).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        yield f"\n{_span(cue, '.')}\n{text}\n"


def _text(cue):
    return " ".join(word.text for word in cue)


def _span(cue, separator):
    return f"{_clock(cue[0].start_s, separator)} --> {_clock(cue[-1].end_s, separator)}"


def _clock(seconds, separator):
    milliseconds = round(1000 * seconds)
    minutes, hours = milliseconds // 60_000, milliseconds // 3_600_000
    return f"{hours:02d}:{minutes % 60:02d}:{milliseconds // 1000 % 60:02d}{separator}{milliseconds % 1000:03d}"
