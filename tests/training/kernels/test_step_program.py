"""A whole step is traced for a GPU where there is none."""

import pytest
from tensorflow.compiler.xla.service import hlo_pb2

import seqapp.recipe
from seqapp.command_line import find_recipe
from seqapp.training.kernels.step_program import full_batch, step_program


def librispeech(*changes):
    return seqapp.recipe.override(seqapp.recipe.load(find_recipe("librispeech_100")), changes)


def test_a_full_batch_is_as_large_as_the_recipe_allows():
    assert full_batch(librispeech(), 1650) == (30, 1650, 235)


def test_a_step_in_parts_is_no_program():
    with pytest.raises(ValueError, match="training.compile=step.*Received: Recipe with training.compile=parts"):
        step_program(librispeech("training.compile=parts"), 2, 40, 5)


@pytest.mark.slow
def test_all_of_the_step_is_in_the_program():
    small = librispeech("encoder.units=4", "encoder.width=4", "encoder.num_layers=1")
    program = hlo_pb2.HloModuleProto.FromString(step_program(small, 2, 40, 5))
    opcodes = {instruction.opcode for computation in program.computations for instruction in computation.instructions}
    assert {"dot", "while", "exponential", "sqrt"} <= opcodes and "copy" not in opcodes
