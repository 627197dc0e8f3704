r"""Lines of several archives, on any paper: French and English hands of 1850 to today -> characters.

    python pipelines/train.py pipelines/recipes/lines.py --workdir runs/lines --data-dir ~/corpora \
        --from saved_models/copiste --own-features
    python pipelines/evaluate.py runs/lines --dataset copiste --data-dir ~/corpora --split test --conditions all
    python pipelines/evaluate.py runs/lines --dataset page_sources --data-dir ~/corpora --split test

The folder holds the archives of both corpora. A second round of copiste: its layers, other features and more hands.

Expected: see the model's card.
Try: --set data.extra_share=0.3   --set augmentation.damage_probability=0.2   --set training.seed=1
"""

from seqapp.recipe import (
    DataConfig,
    EncoderConfig,
    ImageAugmentationConfig,
    LineImageConfig,
    OutputConfig,
    Recipe,
    TrainingConfig,
)

recipe = Recipe(
    data=DataConfig(
        dataset="copiste",
        extra_train=("page_sources",),
        extra_share=0.5,
        batch_frames=16_000,
        max_batch_size=24,  # about 16 lines
    ),
    features=LineImageConfig(kind="even", height=64, extent=3.5),
    augmentation=ImageAugmentationConfig(damage_probability=0.08),  # of each of many ways: half of all lines stay
    encoder=EncoderConfig(dropout=0.15),  # the layers are those of the model to start from
    output=OutputConfig(intermediate_share=0.3),
    training=TrainingConfig(
        steps=2_000,
        learning_rate=2e-3,
        warmup_steps=100,
        weight_decay=0.02,
        clip_norm=5.0,
        average_decay=0.998,
        evaluate_every=400,
        checkpoint_every=100,
    ),
)
