"""Train a model as a recipe says; the same command resumes.

python pipelines/train.py quickstart --workdir runs/quickstart
python pipelines/train.py unipen --workdir runs/unipen --data-dir ~/corpora --set training.seed=1
python pipelines/train.py own_handwriting --workdir runs/me --data-dir me --from runs/copiste
"""

import json
import logging
from pathlib import Path

import seqapp.recipe
from seqapp import command_line

log = logging.getLogger("seqapp")


def main(argv=None):
    parser = command_line.make_parser(__doc__)
    recipes = ", ".join(command_line.recipe_names())
    parser.add_argument("recipe", help=f"a name ({recipes}), a file like theirs, or a recipe.json")
    parser.add_argument("--workdir", type=Path, required=True, help="checkpoints, metrics and the best weights")
    parser.add_argument("--data-dir", type=Path, help="where the corpus lies, as an archive or unpacked")
    parser.add_argument("--prepared-dir", type=Path, help="where prepared corpora are kept (default: a cache folder)")
    parser.add_argument("--set", nargs="+", action="extend", default=[], metavar="SECTION.FIELD=VALUE", dest="changes")
    tuning = parser.add_argument_group("fine-tuning")
    tuning.add_argument("--from", type=Path, dest="start", metavar="MODEL", help="a model whose weights to begin with")
    tuning.add_argument("--symbols", choices=("add", "replace"), default="add", help="new ones to its alphabet: add")
    tuning.add_argument("--freeze", nargs="+", default=[], metavar="LAYER", help='layers that stay: "image_*" block_0')
    arguments = parser.parse_args(argv)
    recipe = seqapp.recipe.load(command_line.find_recipe(arguments.recipe))
    recipe = seqapp.recipe.override(recipe, arguments.changes)
    command_line.expect_paths(arguments.data_dir, arguments.start)
    command_line.keep_log(arguments.workdir, is_shared=recipe.training.strategy == "multi_worker")
    log.info("recipe %s; all of it: %s; not its defaults:", arguments.recipe, arguments.workdir / "recipe.json")
    for line in command_line.recipe_table(recipe):
        log.info(line)

    # Imported late, so that --help and mistakes in the recipe answer at once.
    log.info("starting TensorFlow")
    command_line.import_tensorflow()
    from seqapp.training import make_training

    training = make_training(
        recipe, arguments.workdir, arguments.data_dir, arguments.prepared_dir,
        arguments.start, arguments.symbols, arguments.freeze,
    )  # fmt: skip
    facts = training.run()
    print(json.dumps(facts))
    return 130 if training.was_stopped else 0


if __name__ == "__main__":
    command_line.run(main)
