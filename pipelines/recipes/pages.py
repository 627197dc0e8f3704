r"""Text lines of pages, from any folder or archive of ALTO or PAGE with pictures.

    python pipelines/train.py pages --workdir runs/pages --data-dir my_pages
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
