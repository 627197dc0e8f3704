"""Count the kernels of a recipe's whole training step on an NVIDIA H200, without one.

    python -m seqapp.training.kernels librispeech_100

The step is compiled ahead of time: network, CTC, gradients, optimizer, averages. Exit status 1: more than the ceiling.
"""

import sys

import seqapp.recipe
from seqapp import command_line
from seqapp.training.kernels.gpu_compiler import compile_for_h200, count_kernels
from seqapp.training.kernels.step_program import full_batch, step_program

MOST_KERNELS = 2_000  # each costs some microseconds, which a step of a tenth of a second may spend on them


def main(argv: list[str] | None = None) -> int:
    """Print the number of kernels; return 1 where they are too many, else 0."""
    parser = command_line.make_parser(__doc__)
    parser.add_argument("recipe", help="name or file of a recipe with training.compile=step")
    parser.add_argument("--frames", type=int, default=1_650, help="feature frames of the batch (default: %(default)s)")
    parser.add_argument("--most", type=int, default=MOST_KERNELS, help="ceiling (default: %(default)s)")
    arguments = parser.parse_args(argv)
    recipe = seqapp.recipe.load(command_line.find_recipe(arguments.recipe))
    shape = full_batch(recipe, arguments.frames)
    counts = count_kernels(compile_for_h200(step_program(recipe, *shape)))
    kinds = ", ".join(f"{kind} {number}" for kind, number in counts.most_common())
    print(
        f"{arguments.recipe}, {shape[0]} rows of {shape[1]} frames and {shape[2]} labels, one step for an H200: {kinds}"
    )
    is_met = counts.total() <= arguments.most
    print(f"kernels: required <= {arguments.most}, seen {counts.total()}: {'met' if is_met else 'MISSED'}")
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(command_line.run(main))
