"""Score an ink model on notes composed of single lines.

python pipelines/evaluate_notes.py saved_models/unipen --dataset unipen/lines --data-dir ~/corpora
python pipelines/evaluate_notes.py runs/mine --data-dir my_ink.zip --split validation --notes 400 --seed 1

Notes are of 2 to 8 lines of one writer, sloping and ragged; some dots, bars and words are written when everything else
is. Strokes on their right line are counted, and character errors, beside those of the lines alone.
"""

from pathlib import Path

from seqapp import command_line
from seqapp.decoding.options import add_decoder_options, decoder_paths


def main(argv=None):
    parser = command_line.make_parser(__doc__)
    parser.add_argument("model", type=Path, help="a workdir, a SavedModel, or the folder of its versions")
    command_line.add_corpus_options(parser)
    parser.add_argument("--notes", type=int, default=200, help="how many (default: 200)")
    parser.add_argument("--seed", type=int, default=0, help="of everything that is drawn (default: 0)")
    add_decoder_options(parser)
    arguments = parser.parse_args(argv)
    command_line.expect_paths(arguments.model, arguments.data_dir, decoder_paths(arguments))

    command_line.import_tensorflow()
    from seqapp.datasets.ink.ink import Ink
    from seqapp.evaluation.notes.composed_notes import evaluate_notes, notes_to_text
    from seqapp.input_pipeline.read import read
    from seqapp.transcription.open_transcriber import open_transcriber

    transcriber = open_transcriber(arguments.model, arguments)
    if transcriber.sense.name != "ink":
        raise ValueError(f"Expected a model of ink. Received: {arguments.model}, of {transcriber.sense.name}.")
    folders = arguments.data_dir, arguments.prepared_dir
    examples, _ = read(arguments.dataset, arguments.split, transcriber.recipe, *folders)
    columns = zip(examples.ids, examples.texts, examples.group_ids)
    inks = [Ink(str(id), examples.raw_of(i), str(text), str(writer)) for i, (id, text, writer) in enumerate(columns)]
    labelled = [ink for ink in inks if ink.text]
    print(notes_to_text(evaluate_notes(transcriber, labelled, arguments.notes, arguments.seed)), end="")


if __name__ == "__main__":
    command_line.run(main)
