"""Measure the perplexity of a text under a language model.

python pipelines/perplexity.py runs/ptb --data-dir ~/simple-examples
python pipelines/perplexity.py runs/diary --text letters.txt

Every token counts, and the state is carried on from the first to the last.
"""

import json
from pathlib import Path

from seqapp import command_line


def main(argv=None):
    parser = command_line.make_parser(__doc__)
    parser.add_argument("workdir", type=Path, help="the workdir of a language model")
    texts = parser.add_mutually_exclusive_group(required=True)
    texts.add_argument("--data-dir", type=Path, help="the text file, or the folder of the corpus")
    texts.add_argument("--text", type=Path, help="any other text: a .txt file in UTF-8, or a folder of them")
    parser.add_argument(
        "--split", choices=("train", "validation", "test"), default="test", help="of the corpus (default: test)"
    )
    parser.add_argument("--json", action="store_true", help="print a JSON object")
    arguments = parser.parse_args(argv)
    command_line.expect_paths(arguments.workdir, arguments.data_dir, arguments.text)

    command_line.import_tensorflow()
    from seqapp.language.corpus.text_corpus import read_corpus, read_text
    from seqapp.language.open_model import load_model
    from seqapp.language.perplexity import Foreseer
    from seqapp.models.workdir import Workdir

    model, recipe, vocabulary = load_model(Workdir(arguments.workdir))
    if arguments.text:
        ids = read_text(recipe.text, arguments.text, vocabulary)
    else:
        corpus = read_corpus(recipe.text, arguments.data_dir, vocabulary)
        ids = getattr(corpus, arguments.split)
    measured = Foreseer(model, vocabulary).measure(ids)
    facts = {"perplexity": measured.perplexity, "bits_per_token": measured.bits_per_token}
    facts |= {"tokens": measured.num_tokens, "unknown": measured.num_unknown}
    print(json.dumps(facts) if arguments.json else to_text(measured))


def to_text(measured):
    return (
        f"perplexity {measured.perplexity:.3f}  {measured.bits_per_token:.4f} bits a token  "
        f"{measured.num_tokens} tokens, {measured.num_unknown} of them unknown"
    )


if __name__ == "__main__":
    command_line.run(main)
