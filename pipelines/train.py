"""Train a model as a recipe says; the same command resumes.

python pipelines/train.py quickstart --workdir runs/quickstart
python pipelines/train.py an4 --workdir runs/an4 --data-dir ~/an4.tar --set encoder.units=128 --seeds 0 1 2
python pipelines/train.py --from saved_models/an4 --workdir runs/me --data-dir my_recordings
"""

import json
import logging
from pathlib import Path

import seqapp.recipe
from seqapp import command_line

log = logging.getLogger("seqapp")


def main(argv=None):
    parser = command_line.make_parser(__doc__)
    recipes = f"{', '.join(command_line.recipe_names())}, or a file; without one that of --from"
    parser.add_argument("recipe", nargs="?", help=recipes)
    parser.add_argument("--workdir", type=Path, required=True, help="checkpoints, metrics and the best weights")
    parser.add_argument("--data-dir", type=Path, help="where the corpus lies, as an archive or unpacked")
    parser.add_argument("--prepared-dir", type=Path, help="where prepared corpora are kept (default: a cache folder)")
    parser.add_argument("--set", nargs="+", action="extend", default=[], metavar="SECTION.FIELD=VALUE", dest="changes")
    parser.add_argument("--seeds", type=int, nargs="+", help="train once per seed, tell mean and spread")
    tuning = parser.add_argument_group("fine-tuning")
    tuning.add_argument("--from", type=Path, dest="start", metavar="MODEL", help="a model whose weights to begin with")
    tuning.add_argument("--symbols", choices=("add", "replace"), default="add", help="new ones to its alphabet: add")
    tuning.add_argument("--own-features", action="store_true", help="as many of the recipe's, not those of that model")
    tuning.add_argument("--freeze", nargs="+", default=[], dest="frozen", metavar="LAYER", help='such as "image_*"')
    tuning.add_argument("--parent-data-dir", type=Path, help="that model's own corpus, to see what it forgets")
    arguments = parser.parse_args(argv)
    command_line.expect_paths(arguments.data_dir, arguments.start, arguments.parent_data_dir)
    recipe = seqapp.recipe.override(find_recipe(arguments), arguments.changes)
    command_line.keep_log(arguments.workdir, is_shared=recipe.training.strategy == "multi_worker")
    log.info("recipe %s; not its defaults:", arguments.workdir / "recipe.json")
    for line in command_line.recipe_table(recipe):
        log.info(line)
    log.info("starting TensorFlow")  # late, so that --help and mistakes in the recipe answer at once
    command_line.import_tensorflow()
    from seqapp.training import train

    sources = {name: value for name, value in vars(arguments).items() if name not in ("recipe", "changes")}
    facts, was_stopped = train(recipe, **sources)
    print(json.dumps(facts))
    return 130 if was_stopped else 0


def find_recipe(arguments):
    if arguments.recipe or not arguments.start:
        return seqapp.recipe.load(command_line.find_recipe(arguments.recipe))
    command_line.import_tensorflow()
    from seqapp.models import starting_point

    return starting_point.own_recipe(arguments.start)


if __name__ == "__main__":
    command_line.run(main)
