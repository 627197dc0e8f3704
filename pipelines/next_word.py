"""Predict the next word, complete a half-typed one, or go on.

python pipelines/next_word.py runs/bard "the cat sat on"
python pipelines/next_word.py runs/bard "to be or not to b" --complete
python pipelines/next_word.py runs/bard "ROMEO:" --write 300 --temperature 0.8 --top-p 0.9
cat letter.txt | python pipelines/next_word.py saved_models/shakespeare --stream
"""

import sys
from pathlib import Path

from seqapp import command_line


def main(argv=None):
    parser = command_line.make_parser(__doc__)
    parser.add_argument("model", type=Path, help="a workdir, a SavedModel, or the folder of its versions")
    parser.add_argument("context", nargs="?", default="", help="the text so far (default: the beginning of a line)")
    parser.add_argument("--count", type=int, default=5, help="words to show (default: 5)")
    parser.add_argument("--complete", action="store_true", help="the last word is half typed")
    parser.add_argument("--stream", action="store_true", help="read lines from stdin; a space after a word ends it")
    parser.add_argument("--write", type=int, metavar="TOKENS", help="go on writing so many characters or words")
    parser.add_argument("--temperature", type=float, default=1.0, help="boldness of what is written (default: 1)")
    parser.add_argument("--top-p", type=float, default=1.0, help="draw from the likeliest that have this probability")
    parser.add_argument("--seed", type=int, default=0, help="of what is written (default: 0)")
    parser.add_argument("--json", action="store_true", help="print JSON, one object a text")
    arguments = parser.parse_args(argv)
    command_line.expect_paths(arguments.model)
    if arguments.count < 1:
        parser.error(f"--count must be at least 1. Received: {arguments.count}.")

    command_line.import_tensorflow()
    from seqapp.language.prediction import to_json, to_text, typed
    from seqapp.language.predictor import Predictor

    predictor = Predictor.load(arguments.model)
    text = arguments.context
    if arguments.write is not None:
        print(predictor.text(text, arguments.write, arguments.temperature, arguments.top_p, arguments.seed))
        return
    for context, is_beginning in typed(sys.stdin, text) if arguments.stream else [(text, arguments.complete)]:
        words, is_exact = predictor.search(context, arguments.count, is_beginning)
        print(to_json(context, words, is_exact) if arguments.json else to_text(words), end="", flush=True)


if __name__ == "__main__":
    command_line.run(main)
