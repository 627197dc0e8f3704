"""Made-up recordings in the containers that phones and browsers write, by PyAV."""

import io

import av

KINDS = {  # name of a file -> format, codec, rate
    "phone.m4a": ("ipod", "aac", 44_100),
    "clip.mp4": ("mp4", "aac", 16_000),
    "browser.webm": ("webm", "libopus", 48_000),
    "note.amr": ("amr", "libopencore_amrnb", 8_000),
    "old.3gp": ("3gp", "libopencore_amrnb", 8_000),
    "apple.caf": ("caf", "pcm_s16le", 16_000),
    "lossless.caf": ("caf", "alac", 16_000),
    "windows.wma": ("asf", "wmav2", 16_000),
    "stream.aac": ("adts", "aac", 16_000),
}


def encode(samples, kind, rate_hz=16_000):
    """The bytes of a container of `KINDS` with int16 `[N]`."""
    format, codec, coded_hz = KINDS[kind]
    file = io.BytesIO()
    with av.open(file, "w", format=format) as container:
        stream = container.add_stream(codec, rate=coded_hz, layout="mono")
        stream.bit_rate = 12_200 if "amr" in codec else 64_000
        frame = av.AudioFrame.from_ndarray(samples[None], format="s16", layout="mono")
        frame.sample_rate = rate_hz
        stream.codec_context.open()
        converter = av.AudioResampler(stream.codec_context.format, "mono", coded_hz)
        queue = av.AudioFifo()
        for piece in [*converter.resample(frame), *converter.resample(None)]:
            piece.pts = None
            queue.write(piece)
        while piece := queue.read(stream.codec_context.frame_size or 1_024, partial=True):
            container.mux(stream.encode(piece))
        container.mux(stream.encode(None))
    return file.getvalue()


def encode_pictures():
    """The bytes of an MP4 of two pictures and no sound."""
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for _ in range(2):
            container.mux(stream.encode(av.VideoFrame(64, 64, "yuv420p")))
        container.mux(stream.encode(None))
    return file.getvalue()
