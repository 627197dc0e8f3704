"""Live speech: frames of samples are resampled and recognised while one speaks, one answer to each."""

import collections
import functools
from collections.abc import Callable

import numpy as np
import soxr

from seqapp.models.transcriber.endpointing import Endpointing
from seqapp.serving.server.live.answer import alternatives_answer, speech_answer
from seqapp.serving.server.live.containers import container_of, read_wav_head
from seqapp.serving.server.live.limits import RATES_HZ, LiveLimits
from seqapp.serving.server.live.message import (
    BadMessage,
    LimitPassed,
    number,
    parse,
    vosk_config_of,
)
from seqapp.serving.server.live.resume_point import ResumePoint, Resuming, resume_point_of
from seqapp.serving.server.live.words import HOTWORDS, LANGUAGE_MODEL, LEXICON, LiveWords

SAMPLES = {"pcm16": np.dtype("<i2"), "float32": np.dtype("<f4")}
MAX_IGNORED = 12  # keys that are named
MOST_WAITING = 64  # messages, however short
AT_ONCE_S = 1.0  # frames that have come meanwhile are heard together, up to this
KEYS = ("config", "resume", "reset", "eof")
RULES = Endpointing()
MAX_DEFERRED = 4  # segments whose alternatives are computed later, 20 s each at most
CONFIG = (
    "sample_rate", "encoding", "max_alternatives", "alternatives", HOTWORDS, LEXICON, LANGUAGE_MODEL,
    "resumable",
    "words",  # without an effect
)  # fmt: skip


class AudioConversation:
    """One speaker. Messages go in by `take`, in the event loop; a function that `work` gives is run in a thread, one at
    a time.

    Messages as of vosk-server: {"config": {"sample_rate": 48000, "encoding": "float32", "max_alternatives": 5}} before
    the audio (by default the rate of the limits or of the model, "pcm16", 0; keys that nobody knows are named in the
    next answer as "ignored_config"); "phrase_list" holds words and phrases that are likelier here than elsewhere, and
    any other may be said all the same, "lexicon" the only words that are read (those that the model cannot write come
    back as "ignored_phrases" and "ignored_lexicon"); "language_model" names what is read with, "none" for the network
    alone; binary frames of samples of one channel, little-endian, cut anywhere, the first with the head of a WAV file
    or without;
    {"reset": 1} the segment is complete, another one begins; {"eof": 1} likewise, and nothing follows. Each frame and
    each end gets one answer, those that came while the last one was computed together: the segment that has just ended,
    or else the one that goes on; "heard_s" counts the audio that it knows. With {"config": {"alternatives": 5}} an
    n-best list of a segment that has ended comes as a message of its own, when there is nothing else to do. With
    {"config": {"resumable": 1}} each answer brings "resume": after the same config, another connection to any process
    or server with the model goes on with {"resume": that}, and the audio from its "sample" on.

    Args:
        transcriber: `Transcriber` of a model that streams.
        decoder: Transcriber of the same model by beam search, for alternatives.
        limits: `LiveLimits`.
        endpointing: `Endpointing`.
        language_models: `LanguageModels` of the model, where a config may name one.

    Raises:
        ValueError: The model cannot stream.
    """

    def __init__(
        self, transcriber, decoder, limits: LiveLimits, endpointing: Endpointing = RULES, language_models=None
    ):
        self._endpointing = endpointing
        self._stream = transcriber.stream(endpointing)
        self._words = LiveWords(transcriber, decoder, language_models)
        self._limits = limits
        self._model_rate_hz = transcriber.sense.config.sample_rate_hz
        self._rate_hz = limits.sample_rate_hz or self._model_rate_hz
        self._encoding = "pcm16"
        self._ignored = []  # keys of config that nobody knows
        self._part = b""  # the first bytes of a sample whose others are in the next frame
        self._max_alternatives = 0
        self._alternatives = 0
        self._inbox = collections.deque()  # arrays of samples, and the names of ends between them
        self._seconds = 0.0
        self._has_audio = False
        self._resampler = None
        self._is_resumable = False
        self._resuming = None  # `Resuming`, where the stream is resumable
        self._segments_before = 0
        self._seconds_before = 0.0
        self._heard_s = 0.0
        self._segment_samples = np.zeros(0, np.float32)  # of the segment that goes on, for alternatives
        self._segment_start = 0  # its first sample
        self._deferred = collections.deque(maxlen=MAX_DEFERRED)  # (segment, its samples), for alternatives
        self._is_final_sent = False
        self.is_ending = False
        self.is_over = False

    def take(self, message: str | bytes) -> None:
        """Take one message.

        Raises:
            BadMessage: It cannot be used, and nothing of it was.
            LimitPassed: The stream is too long.
        """
        if isinstance(message, bytes):
            self._take_samples(message)
            return
        message = parse(message, KEYS)
        config, ignored = vosk_config_of(message, CONFIG)
        self._configure(config)
        if "resume" in message:
            self._resume(message["resume"])
        self._ignored += [key for key in ignored if key not in self._ignored][:MAX_IGNORED]
        if message.get("reset") or message.get("eof"):
            self.is_ending = bool(message.get("eof"))
            self._has_audio = False
            self._part = b""  # of a sample: its other bytes never come
            self._inbox.append("eof" if self.is_ending else "reset")

    def work(self) -> Callable[[], list[dict]] | None:
        """Get the next thing to do: a function that gives a list of answers; None where there is nothing."""
        frames = []
        seconds = 0.0
        while self._inbox and not isinstance(self._inbox[0], str) and seconds < AT_ONCE_S:
            frames.append(self._inbox.popleft())
            seconds += len(frames[-1]) / self._rate_hz
        is_end = bool(self._inbox) and isinstance(self._inbox[0], str)
        is_end &= not (frames and self._is_resumable)  # a segment that is cut elsewhere gets an answer of its own
        end = self._inbox.popleft() if is_end else None
        if frames or end:
            return functools.partial(self._hear, frames, end, self._rate_hz)
        return self._find_alternatives if self._deferred else None

    @property
    def wait_s(self) -> None:
        """Only a message makes work."""
        return None

    @property
    def is_full(self) -> bool:
        """True where no more messages should be taken before some work is done: the client will have to wait."""
        num_samples = sum(len(item) for item in self._inbox)
        return len(self._inbox) >= MOST_WAITING or (len(self._inbox) > 1 and num_samples > self._rate_hz * AT_ONCE_S)

    def _configure(self, config):
        rate_hz = number(config, "sample_rate", *RATES_HZ, default=self._rate_hz)
        most = self._limits.max_alternatives
        max_alternatives = int(number(config, "max_alternatives", 0, most, self._max_alternatives))
        alternatives = int(number(config, "alternatives", 0, most, self._alternatives))
        encoding = config.get("encoding", self._encoding)
        if not isinstance(encoding, str) or encoding not in SAMPLES:
            raise BadMessage(f"Expected encoding: {' or '.join(SAMPLES)}. Received: {str(encoding)[:40]!r}.")
        words = self._words.parse(config)
        if (self._has_audio or self._inbox) and words != self._words.wanted:
            raise BadMessage(
                "Expected phrase_list, lexicon and language_model before the audio, or after the answer to reset. "
                "Received: later."
            )
        if self._has_audio and (rate_hz, encoding) != (self._rate_hz, self._encoding):
            raise BadMessage(
                f"Expected sample_rate and encoding before the audio, or behind a reset. Received: in the middle of "
                f"{self._encoding} at {self._rate_hz:g} Hz."
            )
        is_resumable = bool(config.get("resumable", self._is_resumable))
        if self._seconds and (is_resumable, rate_hz) != (
            self._is_resumable,
            self._rate_hz if is_resumable else rate_hz,
        ):
            raise BadMessage("Expected resumable before the audio, and then one sample_rate. Received: another later.")
        if is_resumable and rate_hz % 1:
            raise BadMessage(f"Expected a whole sample_rate in a stream that is resumable. Received: {rate_hz}.")
        if self._inbox and rate_hz != self._rate_hz:
            raise BadMessage("Expected another sample_rate after the answer to reset. Received: before it.")
        self._rate_hz = rate_hz
        self._is_resumable = is_resumable
        self._encoding = encoding
        self._words.wanted = words
        self._max_alternatives = max_alternatives
        self._alternatives = alternatives

    def _resume(self, value):
        """Go on where another connection has ended."""
        if self._has_audio or self._inbox or self._seconds:
            raise BadMessage("Expected resume before the audio. Received: later.")
        point = resume_point_of(value, self._rate_hz, self._limits.max_seconds)
        self._configure({"resumable": 1})
        self._resuming = Resuming(self._rate_hz, self._model_rate_hz, point)
        self._segments_before, self._seconds_before = point.segment, point.start_s
        self._seconds = self._heard_s = point.sample / self._rate_hz
        self._has_audio = True  # the head of its file was cut off there

    def _take_samples(self, message):
        if not self._has_audio:
            message = self._without_head(message)
        kind = SAMPLES[self._encoding]
        message = self._part + message
        end = len(message) - len(message) % kind.itemsize
        self._part = message[end:]  # frames may be cut anywhere
        samples = np.frombuffer(message[:end], kind)
        self._seconds += len(samples) / self._rate_hz
        if self._seconds > self._limits.max_seconds:
            raise LimitPassed(
                f"A stream holds at most {self._limits.max_seconds:g} s of audio. Received: more. Open another one."
            )
        self._has_audio = True
        self._inbox.append(samples)

    def _without_head(self, message):
        """Cut off the head of a WAV file, and take its rate and encoding; refuse other files, which hold no samples."""
        if name := container_of(message):
            expected = f"Expected samples ({self._encoding}, one channel)"
            raise BadMessage(f"{expected}. Received: a file ({name}). Decode it, or send it to :transcribe.")
        if not message.startswith(b"RIFF"):
            return message
        head = read_wav_head(message)
        self._configure({"sample_rate": head.sample_rate_hz, "encoding": head.encoding})
        return message[head.num_bytes :]

    def _hear(self, frames, end, rate_hz):
        """Recognise frames, and maybe an end, to one answer."""
        samples = _as_float(np.concatenate(frames)) if frames else np.zeros(0, np.float32)
        num_samples = len(samples)
        if self._is_resumable and not self._resuming:
            self._resuming = Resuming(rate_hz, self._model_rate_hz, ResumePoint())
        samples = self._resampled(samples, rate_hz, end is not None)
        if self._resuming:
            samples = self._resuming.hear(num_samples, samples)
        ignored_words = self._words.use()
        if ignored_words is not None:
            self._stream = self._words.transcriber.stream(self._endpointing)
        readings = self._stream.push(samples)
        point = self._resume_point()  # an end that the server makes, since it ends itself, is heard again elsewhere
        if end:
            readings = [*readings[:-1], *self._stream.finish()]
        answer = speech_answer(readings, self._segments_before, self._seconds_before)
        self._heard_s += num_samples / rate_hz
        answer["heard_s"] = round(self._heard_s, 4)
        answer |= ignored_words or {}
        if self._ignored:
            answer["ignored_config"] = self._ignored
            self._ignored = []
        if self._max_alternatives or self._alternatives:
            self._collect(answer, samples, readings)
        if end:
            self._segments_before += readings[-1].number + 1
            self._seconds_before += readings[-1].end_s
        if end == "reset" and self._resuming:
            self._resuming.begin()
            point = self._resume_point()
        if point:
            answer["resume"] = point._asdict()
        self._is_final_sent = end == "eof"
        self.is_over = self._is_final_sent and not self._deferred
        return [answer]

    def _resume_point(self):
        if self._resuming is None:
            return None
        position = self._stream.position
        start_s = self._seconds_before + position / self._model_rate_hz
        return self._resuming.point(position, self._segments_before + self._stream.number, start_s)

    def _find_alternatives(self):
        """Make the n-best list of a segment that has ended."""
        segment, samples = self._deferred.popleft()
        self.is_over = self._is_final_sent and not self._deferred
        alternatives = self._n_best(samples, self._alternatives)
        return [{"type": "alternatives", "segment": segment, "alternatives": alternatives}]

    def _n_best(self, samples, count):
        return alternatives_answer(self._words.decoder.transcribe([samples])[0], count)

    def _resampled(self, samples, rate_hz, is_last):
        """Resample to the rate of the model; a few milliseconds wait in the resampler until the end."""
        if rate_hz == self._model_rate_hz:
            return samples
        if self._resampler is None:
            self._resampler = soxr.ResampleStream(rate_hz, self._model_rate_hz, 1, dtype="float32")
        resampled = self._resampler.resample_chunk(samples, last=is_last)
        if is_last:
            self._resampler = None
        return resampled

    def _collect(self, answer, samples, readings):
        """Collect audio until its segment has ended; then find its alternatives, at once or later."""
        self._segment_samples = np.concatenate([self._segment_samples, samples])
        ended = [reading for reading in readings if reading.is_final]
        if not ended:
            return
        start = round(ended[0].start_s * self._model_rate_hz) - self._segment_start
        end = round(ended[-1].end_s * self._model_rate_hz) - self._segment_start
        samples = self._segment_samples[max(start, 0) : end]
        self._segment_samples = self._segment_samples[end:]
        self._segment_start += end
        if len(readings) == len(ended):  # an end: the next reading counts from 0 again
            self._segment_samples = np.zeros(0, np.float32)
            self._segment_start = 0
        is_speech = len(samples) > 0 and bool(answer["text"])
        if self._max_alternatives:
            answer["alternatives"] = self._n_best(samples, self._max_alternatives) if is_speech else []
        elif is_speech:
            self._deferred.append((answer["segment"], samples))


def _as_float(samples):
    """Convert to float32 of full scale 1; samples that are not finite become 0, or the resampler would smear them."""
    if samples.dtype.kind == "i":
        return samples.astype(np.float32) / 32_768.0
    return np.clip(np.nan_to_num(samples.astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0), -1.0, 1.0)
