r"""Text lines of pages, from any folder or archive of ALTO or PAGE with pictures.

    python pipelines/train.py pipelines/recipes/pages.py --workdir runs/pages --data-dir my_pages
    python pipelines/evaluate_pages.py runs/pages --data-dir my_pages --split test --pictures pictures
    python pipelines/export.py runs/pages saved_models/my_pages

Expected after 1,200 steps (45 core-minutes) on 399 pages of eight sources: on 45 test pages of Copiste d'un jour 3 of
831 lines are missed, 5 spurious, F 0.990; 0.72 core-seconds a page.
Try: --set pages.crop=512   --set finder.num_blocks=4   --set training.steps=4000   --set pages.leave_out=NAME
"""

from seqapp.recipe import LineFinderConfig, PageConfig, PageRecipe, TrainingConfig

recipe = PageRecipe(
    pages=PageConfig(crop=384, batch_size=2),
    finder=LineFinderConfig(width=96, units=64, num_blocks=3),
    training=TrainingConfig(
        steps=1_350,
        learning_rate=3e-3,
        warmup_steps=50,
        clip_norm=2.0,
        average_decay=0.98,
        evaluate_every=150,
        checkpoint_every=50,
    ),
)
