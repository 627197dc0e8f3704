"""Table of benchmark rows as text: one line per row, the shape in the heading where all share it."""

from collections.abc import Sequence

COLUMNS = (
    "name", "shape", "forward_ms", "forward_spread_ms", "p95_ms", "cpu_ms", "unlike_final", "taken_back",
    "step_ms", "step_spread_ms", "first_step_s",
    "step_us_per_frame", "memory_mb", "memory_kb_per_frame", "lines_per_s", "audio_hours_per_s",
    "examples_per_core_s", "frames_per_core_s", "cores_for_gpu", "rows_per_s", "rows_under_way", "ratio",
    "shapes", "padding", "padding_parts", "plan_s",
)  # fmt: skip


def to_text(rows: Sequence[dict], axes: str) -> str:
    """Format rows as a table.

    Args:
        rows: List of dicts, at least one, of the same number of threads.
        axes: What the numbers of a shape are, such as "B, T, F, H".

    Returns:
        A heading, the names of the columns, and one line per row. Columns without any value are left out.
    """
    shapes = {str(row["shape"]) for row in rows}
    heading = f"[{axes}]{' ' + shapes.pop() if len(shapes) == 1 else ''}, {rows[0]['threads']} threads"
    columns = [name for name in COLUMNS if any(row.get(name) is not None for row in rows)]
    if len(shapes) == 0:
        columns.remove("shape")
    lines = [columns, *[[_cell(row.get(name)) for name in columns] for row in rows]]
    widths = [max(map(len, column)) for column in zip(*lines)]
    table = ["  ".join([line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])]) for line in lines]
    return "\n".join([heading, *table])


def _cell(value):
    return "-" if value is None else f"{value:,.1f}" if isinstance(value, float) and value >= 10 else str(value)
