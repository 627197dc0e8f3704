"""Utterance of a corpus: decoded, checked, and counted where it cannot be used."""

from pathlib import Path

from seqapp.datasets.skipped import Skipped
from seqapp.datasets.speech.audio import MAX_SECONDS, Audio, check
from seqapp.datasets.speech.long_waveform import LongWaveform
from seqapp.datasets.speech.waveform import TooLong, read_waveform

# Names of audio files, by which folders are searched; what a file is, its content tells.
SUFFIXES = (
    ".wav", ".flac", ".opus", ".ogg", ".oga", ".mp3", ".sph", ".nist", ".aiff", ".aif", ".au", ".caf", ".w64", ".rf64",
    ".wave", ".mp2", ".m4a", ".m4b", ".mp4", ".mov", ".3gp", ".3g2", ".aac", ".webm", ".weba", ".mka", ".amr", ".wma",
)  # fmt: skip


def read_utterance(
    file: Path,
    id: str,
    skipped: Skipped,
    text: str = "",
    speaker_id: str = "",
    start_s: float = 0.0,
    end_s: float | None = None,
    max_seconds: float | None = MAX_SECONDS,
    channel: int | None = None,
    keeps_long: bool = False,
) -> Audio | None:
    """Read an utterance.

    Args:
        file: Any audio file.
        id: Of the utterance.
        skipped: Receives the id and the reason of what cannot be used.
        text: Transcript; white space in it becomes single blanks.
        speaker_id: Hashed speaker.
        start_s: Where the utterance begins in the file, in seconds.
        end_s: Where it ends; None: where the file does.
        max_seconds: Longest accepted; None: any.
        channel: Index of the channel; None: the average or the loudest, as `waveform_blocks` says.
        keeps_long: Whether what is longer is no error: its samples are a `LongWaveform`.

    Returns:
        The audio, or None where it cannot be used.
    """
    text = " ".join(text.split())
    try:
        samples = read_waveform(file, start_s=start_s, end_s=end_s, max_seconds=max_seconds, channel=channel)
    except ValueError as error:
        if keeps_long and isinstance(error, TooLong):
            samples = LongWaveform(file, start_s=start_s, end_s=end_s, channel=channel)
            return Audio(id, samples, text=text, speaker_id=speaker_id)
        skipped.add(id, str(error))
        return None
    audio = Audio(id, samples, text=text, speaker_id=speaker_id)
    if reason := check(audio, max_seconds or float("inf")):
        skipped.add(id, reason)
        return None
    return audio
