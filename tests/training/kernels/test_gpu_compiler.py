"""Kernels of compiled programs are counted as often as they run; what is missing to compile is named."""

import pytest

from seqapp.training.kernels import gpu_compiler
from seqapp.training.kernels.gpu_compiler import compile_for_h200, count_kernels

PROGRAM = """HloModule step, is_scheduled=true

%fused_computation (p: f32[4]) -> f32[4] {
  %p = f32[4]{0} parameter(0)
  ROOT %e = f32[4]{0} exponential(%p)
}

%body (s: (s32[], f32[4])) -> (s32[], f32[4]) {
  %s = (s32[], f32[4]{0}) parameter(0)
  %i = s32[] get-tuple-element(%s), index=0
  %next = s32[] fusion(%i), kind=kLoop, calls=%count
  %x = f32[4]{0} get-tuple-element(%s), index=1
  %y = f32[4]{0} fusion(%x), kind=kLoop, calls=%fused_computation
  ROOT %t = (s32[], f32[4]{0}) tuple(%next, %y)
}

%small (q: f32[4]) -> f32[4] {
  ROOT %q = f32[4]{0} parameter(0)
}

%large (q: f32[4]) -> f32[4] {
  %q = f32[4]{0} parameter(0)
  ROOT %r = f32[4]{0} copy(%q)
}

ENTRY %main (a: f32[4]) -> f32[4] {
  %a = f32[4]{0} parameter(0)
  %start = ((f32[4]{0}), f32[4]{0}) fusion-start(%a), kind=kLoop, calls=%fused_computation
  %done = f32[4]{0} fusion-done(%start)
  %b = f32[4]{0} custom-call(%done), custom_call_target="gemm"
  %loop = (s32[], f32[4]{0}) while(%b), condition=%cond, body=%body, backend_config={"known_trip_count":{"n":"26"}}
  %called = f32[4]{0} call(%loop), to_apply=%large
  ROOT %chosen = f32[4]{0} conditional(%p, %a, %a), branch_computations={%small, %large}
}
"""


def test_a_loop_counts_as_often_as_it_runs_and_of_branches_the_larger():
    assert count_kernels(PROGRAM) == {"fusion": 2 * 26, "fusion-start": 1, "custom-call": 1, "copy": 2}


def test_a_loop_of_unknown_length_and_other_text_are_refused():
    with pytest.raises(ValueError, match="A loop of an unknown number of steps: %loop"):
        count_kernels(PROGRAM.replace("known_trip_count", "other"))
    with pytest.raises(ValueError, match="Expected an instruction of HLO. Received: %b = strange"):
        count_kernels(PROGRAM.replace('%b = f32[4]{0} custom-call(%done), custom_call_target="gemm"', "%b = strange"))
    with pytest.raises(ValueError, match="with an ENTRY computation"):
        count_kernels("nothing")


def test_what_is_missing_to_compile_is_named(monkeypatch):
    monkeypatch.setattr(gpu_compiler, "_is_installed", lambda name: name != "nvidia.cuda_nvcc")
    with pytest.raises(ValueError, match=r"needs nvidia.cuda_nvcc. Install: pip install -e '.\[gpu_compiler\]'"):
        compile_for_h200(b"")
