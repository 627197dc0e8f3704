"""What a live stream says: one form for partial and final results, which is also that of vosk-server.

Partial: {"type": "partial", "segment", "partial", "stable_text", "confidence", ...}
Final: {"type": "final", "segment", "text", "result": [{"word", "conf", ...}], "confidence", ...}
Each takes the place of what was said of its segment before.

Reference: https://alphacephei.com/vosk/server
"""

from seqapp.models.reading import words


def speech_answer(readings, segments_before, seconds_before) -> dict:
    """What a `StreamingTranscriber` found, as one answer to the audio that it was given.

    Args:
        readings: List of `StreamedReading`: ended ones, which are told as one, or the one that goes on.
        segments_before: Segments before its number 0.
        seconds_before: Of audio before its second 0.
    """
    ended = [reading for reading in readings if reading.is_final]
    told, last = ended or readings[-1:], (ended or readings)[-1]
    text = " ".join(reading.text for reading in told if reading.text)
    answer = {
        "segment": segments_before + told[0].number,
        "confidence": round(min(reading.confidence for reading in told), 4),
        "start_s": round(seconds_before + told[0].start_s, 3),
        "end_s": round(seconds_before + last.end_s, 3),
    }
    if not ended:
        return {"type": "partial", "partial": text, "stable_text": last.stable_text, **answer}
    result = [
        {
            "word": word.text, "start": round(seconds_before + word.start_s, 3),
            "end": round(seconds_before + word.end_s, 3), "conf": round(word.confidence, 4),
        }
        for reading in told for word in reading.words
    ]  # fmt: skip
    return {"type": "final", "text": text, "result": result, **answer}


def ink_answer(reading, segment, stable_text=None) -> dict:
    """What was read in a line of ink.

    Args:
        reading: `InkReading`.
        segment: Number of the line.
        stable_text: Of a partial result; None for a final one.
    """
    answer = {"segment": segment, "confidence": round(reading.confidence, 4), "result": _ink_words(reading)}
    if stable_text is None:
        return {"type": "final", "text": reading.text, **answer}
    return {"type": "partial", "partial": reading.text, "stable_text": stable_text, **answer}


def alternatives_answer(reading, count) -> list[dict]:
    """The likeliest texts of a `Reading` of a `ContextTranscriber`."""
    found = reading.alternatives[:count]
    return [{"text": a.text, "confidence": round(a.probability, 4)} for a in found]


def _ink_words(reading):
    if len(reading.text) != len(reading.char_confidences):
        return []  # symbols of several characters: no telling which belongs to which
    nowhere = (0.0,) * len(reading.text)
    found = words(reading.text, nowhere, nowhere, reading.char_confidences)
    return [{"word": word.text, "conf": round(word.confidence, 4)} for word in found]
