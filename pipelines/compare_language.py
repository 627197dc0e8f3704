"""Compare a language model with a torch.nn.LSTM of its size.

python pipelines/compare_language.py shakespeare_characters --workdir runs/bard --data-dir input.txt

Both are trained for the same time, that of all cores together, and measured on test. A workdir that is
trained already is measured as it is. Needs PyTorch.
"""

import logging
import math
from pathlib import Path

import seqapp.recipe
from seqapp import command_line

log = logging.getLogger("seqapp")


def main(argv=None):
    parser = command_line.make_parser(__doc__)
    parser.add_argument("recipe", help="name or file of the recipe of a language model")
    parser.add_argument("--workdir", type=Path, required=True, help="of our model; trained where it is not yet")
    parser.add_argument("--data-dir", type=Path, help="the text file, or the folder of the corpus")
    parser.add_argument("--dropout", type=float, default=0.25, help="of torch.nn.LSTM (default: 0.25)")
    parser.add_argument("--set", nargs="+", action="extend", default=[], metavar="SECTION.FIELD=VALUE", dest="changes")
    arguments = parser.parse_args(argv)
    recipe = seqapp.recipe.load(command_line.find_recipe(arguments.recipe))
    recipe = seqapp.recipe.override(recipe, arguments.changes)
    command_line.expect_paths(arguments.data_dir)

    command_line.import_tensorflow()
    from seqapp.benchmark.language_comparison import torch_peer, trained_model
    from seqapp.language.corpus.text_corpus import read_corpus
    from seqapp.models import Workdir
    from seqapp.training import make_training

    make_training(recipe, arguments.workdir, arguments.data_dir).run()
    corpus = read_corpus(recipe.text, arguments.data_dir)
    ours = trained_model(Workdir(arguments.workdir), corpus)
    print(ours, flush=True)
    print(torch_peer(ours, recipe, corpus, arguments.dropout, progress), flush=True)


def progress(step, share, loss):
    if step % 100 == 0:
        log.info("torch.nn.LSTM step %d, %.0f %% of the time: %.4f bits", step, 100 * share, loss / math.log(2))


if __name__ == "__main__":
    command_line.run(main)
