"""Answers of a live stream with text and confidence, in JSON: partial and final results, in vosk-server's form.

Partial: {"type": "partial", "segment", "partial", "stable_text", "confidence", "is_sure", ...}
Final: {"type": "final", "segment", "text", "result": [{"word", "conf", ...}], "confidence", "is_sure", ...}
Each takes the place of the answer before it to the same segment.

Reference: https://alphacephei.com/vosk/server
"""

from seqapp.models.reading import InkReading, StreamedReading, words


def speech_answer(readings: list[StreamedReading], segments_before: int, seconds_before: float) -> dict:
    """Make one answer of the readings of a `StreamingTranscriber`.

    Args:
        readings: Ended ones, which are joined to one, or the one that goes on.
        segments_before: Segments before its number 0.
        seconds_before: Of audio before its second 0.
    """
    ended = [reading for reading in readings if reading.is_final]
    joined = ended or readings[-1:]
    text = " ".join(reading.text for reading in joined if reading.text)
    answer = {
        "segment": segments_before + joined[0].number,
        "confidence": round(min(reading.confidence for reading in joined), 4),
        "is_sure": all(reading.is_sure for reading in joined),
        "start_s": round(seconds_before + joined[0].start_s, 3),
        "end_s": round(seconds_before + joined[-1].end_s, 3),
    }
    if not ended:
        return {"type": "partial", "partial": text, "stable_text": joined[-1].stable_text, **answer}
    result = [
        {
            "word": word.text, "start": round(seconds_before + word.start_s, 3),
            "end": round(seconds_before + word.end_s, 3), "conf": round(word.confidence, 4),
        }
        for reading in joined for word in reading.words
    ]  # fmt: skip
    return {"type": "final", "text": text, "result": result, **answer}


def ink_answer(reading: InkReading, segment: int, stable_text: str | None = None) -> dict:
    """Make the answer to a line of ink.

    Args:
        reading: Of the line.
        segment: Number of the line.
        stable_text: Of a partial result; None for a final one.
    """
    answer = {
        "segment": segment, "confidence": round(reading.confidence, 4), "is_sure": reading.is_sure,
        "result": _ink_words(reading),
    }  # fmt: skip
    if stable_text is None:
        return {"type": "final", "text": reading.text, **answer}
    return {"type": "partial", "partial": reading.text, "stable_text": stable_text, **answer}


def alternatives_answer(reading, count: int) -> list[dict]:
    """List the likeliest texts of a `Reading` of a beam search.

    Args:
        reading: `Reading`.
        count: How many texts, at most.
    """
    return [{"text": a.text, "confidence": round(a.probability, 4)} for a in reading.alternatives[:count]]


def _ink_words(reading):
    if len(reading.text) != len(reading.char_confidences):
        return []  # symbols of several characters: no telling which belongs to which
    places = (0.0,) * len(reading.text)  # which nobody asks for
    ink_words = words(reading.text, places, places, reading.char_confidences)
    return [{"word": word.text, "conf": round(word.confidence, 4)} for word in ink_words]
