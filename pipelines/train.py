"""Train a model as a recipe says; the same command resumes.

python pipelines/train.py quickstart --workdir runs/quickstart
python pipelines/train.py unipen --workdir runs/unipen --data-dir ~/corpora --set training.seed=1
python pipelines/train.py --from saved_models/an4 --workdir runs/me --data-dir my_recordings
python pipelines/train.py an4 --workdir runs/an4 --data-dir ~/an4.tar --seeds 0 1 2
"""

import json
from pathlib import Path

import seqapp.recipe
from seqapp import command_line


def main(argv=None):
    parser = command_line.make_parser(__doc__)
    recipes = ", ".join(command_line.recipe_names())
    help_of_recipe = f"a name ({recipes}), a file like theirs, or a recipe.json; with --from by default the model's own"
    parser.add_argument("recipe", nargs="?", help=help_of_recipe)
    parser.add_argument("--workdir", type=Path, required=True, help="checkpoints, metrics and the best weights")
    parser.add_argument("--data-dir", type=Path, help="where the corpus lies, as an archive or unpacked")
    parser.add_argument("--prepared-dir", type=Path, help="where prepared corpora are kept (default: a cache folder)")
    parser.add_argument("--set", nargs="+", action="extend", default=[], metavar="SECTION.FIELD=VALUE", dest="changes")
    parser.add_argument("--seeds", type=int, nargs="+", help="train once per seed, tell mean and spread")
    tuning = parser.add_argument_group("fine-tuning")
    tuning.add_argument("--from", type=Path, dest="start", metavar="MODEL", help="a model whose weights to begin with")
    tuning.add_argument("--symbols", choices=("add", "replace"), default="add", help="new ones to its alphabet: add")
    tuning.add_argument("--freeze", nargs="+", default=[], dest="frozen", metavar="LAYER", help='such as "image_*"')
    tuning.add_argument("--parent-data-dir", type=Path, help="that model's own corpus, to see what it forgets")
    arguments = parser.parse_args(argv)
    command_line.expect_paths(arguments.data_dir, arguments.start, arguments.parent_data_dir)
    if not (arguments.recipe or arguments.start):
        parser.error("a recipe is missing, or --from and a model whose recipe it shall be")
    recipe = seqapp.recipe.override(find_recipe(arguments), arguments.changes)
    print(seqapp.recipe.to_json(recipe), end="")

    # Imported late, so that --help and mistakes in the recipe answer at once.
    command_line.import_tensorflow()
    from seqapp.training import train

    names = ("data_dir", "prepared_dir", "start", "symbols", "frozen", "parent_data_dir")
    sources = {name: getattr(arguments, name) for name in names}
    facts, was_stopped = train(recipe, arguments.workdir, arguments.seeds, **sources)
    print(json.dumps(facts))
    return 130 if was_stopped else 0


def find_recipe(arguments):
    if arguments.recipe:
        return seqapp.recipe.load(command_line.find_recipe(arguments.recipe))
    command_line.import_tensorflow()
    from seqapp.models.starting_point import own_recipe

    return own_recipe(arguments.start)


if __name__ == "__main__":
    command_line.run(main)
