"""Transcribe ink, speech or lines: files, folders, streams.

python pipelines/transcribe.py saved_models/unipen folder/ --format json --picture alignment.png
python pipelines/transcribe.py saved_models/an4 recordings/ --format vtt --output subtitles
python pipelines/transcribe.py saved_models/an4 an_hour.m4a --format srt
python pipelines/transcribe.py saved_models/copiste photo.jpg letters.pdf --format alto --output transcribed
python pipelines/transcribe.py saved_models/an4 talk.flac --language-model names.arpa --hotwords "kathleen booth"
python pipelines/transcribe.py an4 recordings/ --server http://127.0.0.1:8501 --format srt --output subtitles
arecord -q -t raw -f S16_LE -r 16000 | python pipelines/transcribe.py saved_models/an4_streaming --stream -
"""

from pathlib import Path

from seqapp import command_line
from seqapp.decoding.options import add_decoder_options, decoder_paths
from seqapp.transcription.output_options import add_output_options
from seqapp.transcription.stream_options import add_live_options, paths_to_read


def main(argv=None):
    parser = command_line.make_parser(__doc__)
    parser.add_argument("model", type=Path, help="a SavedModel, the folder of its versions, or a workdir")
    parser.add_argument("inputs", type=Path, nargs="+", help="files and folders: ink, audio, images of lines, pages")
    add_output_options(parser)
    parser.add_argument("--picture", type=Path, help="save the alignment picture of the first one")
    parser.add_argument("--server", metavar="URL", help="of pipelines/serve.py, which knows the model by its name")
    add_live_options(parser)
    add_decoder_options(parser)
    arguments = parser.parse_args(argv)
    command_line.expect_paths(paths_to_read(arguments), decoder_paths(arguments))
    command_line.import_tensorflow()
    return (listen if arguments.stream else read)(arguments)


def listen(arguments):
    from seqapp.transcription.listen import listen
    from seqapp.transcription.open_transcriber import open_transcriber

    listen(lambda: open_transcriber(arguments.model, arguments), arguments)


def read(arguments):
    from seqapp.evaluation.plots.pictures import save_alignment
    from seqapp.serving.client.remote_transcriber import RemoteTranscriber
    from seqapp.transcription.open_transcriber import open_transcriber
    from seqapp.transcription.pages.line_finders import open_line_finder
    from seqapp.transcription.transcripts import transcribe

    line_finder = open_line_finder(arguments.line_finder, arguments.model)
    transcriber = (RemoteTranscriber.open if arguments.server else open_transcriber)(arguments.model, arguments)
    silent = []
    output = arguments.format, arguments.output, silent, arguments.resume
    examples = transcribe(transcriber, arguments.inputs, *output, line_finder)
    if arguments.picture and len(examples):
        save_alignment(transcriber, examples, 0, arguments.picture)
    return 1 if silent else 0


if __name__ == "__main__":
    command_line.run(main)
