"""Run of an evaluation under recording conditions: from their names to the report and a picture."""

from collections.abc import Sequence

from seqapp.conditions.condition import Condition, find_conditions
from seqapp.conditions.tables import conditions_of, kept_out_of, unreadable_of
from seqapp.evaluation.comparison import Comparison
from seqapp.evaluation.comparison_report import render
from seqapp.evaluation.conditions.condition_scores import score_conditions
from seqapp.evaluation.conditions.report import render_conditions
from seqapp.evaluation.evaluation import Evaluation


def conditions_for(sense, names: Sequence[str] | None) -> list[Condition]:
    """Return the conditions that are named, as `find_conditions` takes them; none for None.

    Raises:
        ValueError: An unknown name.
    """
    table = {**conditions_of(sense.name), **kept_out_of(sense.name), **unreadable_of(sense.name)}
    return find_conditions(names, table) if names else []


def report(transcriber, examples, result: Evaluation | Comparison, conditions, arguments, **options) -> str:
    """Report a result; where there are conditions, that of one model under each of them, evaluated here.

    Args:
        transcriber: `Transcriber`.
        examples: `Examples` with labels.
        result: `Evaluation` of them as they are, or `Comparison`.
        conditions: `Condition`s.
        arguments: Parsed options json, plots (folder for conditions.png, or None) and batch_size.
        **options: For `score_conditions`.

    Returns:
        The report, ending in a line break.
    """
    if not conditions:
        return render(result, arguments.json)
    scores = score_conditions(transcriber, examples, result, conditions, arguments.batch_size, **options)
    if arguments.plots:
        from seqapp.evaluation.plots.pictures import save_conditions  # needs matplotlib

        save_conditions(scores, transcriber.sense, transcriber.name, arguments.plots)
    return render_conditions(scores, arguments.json)
