"""Search for good values of a recipe; run again, it resumes.

python pipelines/search.py an4 training.learning_rate=0.001:0.01:log encoder.cell=lstm,gru --workdir runs/search
python pipelines/search.py unipen encoder.units=64:192 --workdir runs/units --data-dir ~/corpora --trials 8
"""

import json
from pathlib import Path

import seqapp.recipe
from seqapp import command_line


def main(argv=None):
    parser = command_line.make_parser(__doc__)
    parser.add_argument("recipe", help="a name, a file like pipelines/recipes/an4.py, or a recipe.json")
    ranges = "SECTION.FIELD=LOW:HIGH, LOW:HIGH:log or A,B,C"
    parser.add_argument("space", nargs="+", metavar="RANGE", help=f"values to try: {ranges}")
    parser.add_argument("--workdir", type=Path, required=True, help="folder of all trials, and of search.json")
    parser.add_argument("--trials", type=int, default=20, help="trainings, failed ones among them (default: 20)")
    parser.add_argument("--seed", type=int, default=0, help="of the proposals (default: 0)")
    parser.add_argument("--data-dir", type=Path, help="where the corpus lies, as an archive or unpacked")
    parser.add_argument("--prepared-dir", type=Path, help="where prepared corpora are kept (default: a cache folder)")
    parser.add_argument("--set", nargs="+", action="extend", default=[], metavar="SECTION.FIELD=VALUE", dest="changes")
    arguments = parser.parse_args(argv)
    recipe = seqapp.recipe.load(command_line.find_recipe(arguments.recipe))
    recipe = seqapp.recipe.override(recipe, arguments.changes)
    command_line.expect_paths(arguments.data_dir)
    command_line.keep_log(arguments.workdir)

    command_line.import_tensorflow()
    from seqapp.training.search import search

    sources = {"data_dir": arguments.data_dir, "prepared_dir": arguments.prepared_dir}
    result, was_stopped = search(
        recipe, arguments.space, arguments.workdir, arguments.trials, arguments.seed, **sources
    )  # fmt: skip
    print(json.dumps(result["best"]))
    return 130 if was_stopped else 0


if __name__ == "__main__":
    command_line.run(main)
