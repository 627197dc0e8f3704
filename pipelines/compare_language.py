"""Train a language model, then torch.nn.LSTM of the same size for the same time, and measure both on test.

python pipelines/compare_language.py pipelines/recipes/shakespeare_characters.py --workdir w --data-dir input.txt

A workdir that is trained already is measured as it is. Time is that of all cores together. Needs PyTorch.
"""

import argparse
import json
import logging
import math
from pathlib import Path

import seqapp.recipe
from seqapp import command_line

log = logging.getLogger("seqapp")


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recipe", type=Path, help="a language model of pipelines/recipes/")
    parser.add_argument("--workdir", type=Path, required=True, help="of our model; trained where it is not yet")
    parser.add_argument("--data-dir", type=Path, help="the text file, or the folder of the corpus")
    parser.add_argument("--dropout", type=float, default=0.25, help="of torch.nn.LSTM (default: 0.25)")
    parser.add_argument("--set", nargs="+", action="extend", default=[], metavar="SECTION.FIELD=VALUE", dest="changes")
    arguments = parser.parse_args(argv)
    recipe = seqapp.recipe.override(seqapp.recipe.load(arguments.recipe), arguments.changes)

    command_line.import_tensorflow()
    from seqapp.language.corpora import read_corpus
    from seqapp.language.perplexity import Foreseer
    from seqapp.language.training import LanguageTraining
    from seqapp.language.windows import Windows
    from seqapp.language.workdir import load_model
    from seqapp.models import Workdir

    workdir, corpus = Workdir(arguments.workdir), read_corpus(recipe.text, arguments.data_dir)
    LanguageTraining(recipe, workdir, corpus).run()
    facts = json.loads(workdir.best.read_text(encoding="utf-8"))
    model, _, vocabulary = load_model(workdir)
    test = Foreseer(model, vocabulary).measure(corpus.test)
    minutes = float(workdir.metrics.read_text(encoding="utf-8").splitlines()[-1].split(",")[1])  # to the last step
    show(recipe.network.cell, facts["parameters"], minutes, facts["bits_per_token"], test.bits_per_token)

    import torch

    from seqapp.language.torch_peer import TorchPeer

    torch.manual_seed(recipe.training.seed)
    before = vocabulary.index["\n"]
    peer = TorchPeer(len(vocabulary), facts["parameters"], arguments.dropout)
    peer.train_for(Windows(corpus.train, before, recipe.text.batch_size, recipe.text.window), minutes, progress)
    bits = [peer.bits_per_token(part, before) for part in (corpus.validation, corpus.test)]
    show("torch.nn.LSTM", peer.num_parameters, minutes, *bits)


def progress(step, share, loss):
    if step % 100 == 0:
        log.info("torch.nn.LSTM step %d, %.0f %% of the time: %.4f bits", step, 100 * share, loss / math.log(2))


def show(name, num_parameters, minutes, validation, test):
    print(
        f"{name:<14} {num_parameters:>10,} parameters  {minutes:6.1f} core-minutes  "
        f"validation {validation:.4f}  test {test:.4f} bits a token",
        flush=True,
    )


if __name__ == "__main__":
    command_line.run(main)
