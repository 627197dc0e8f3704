r"""Lines of several archives, on any paper: French and English hands of 1850 to today -> characters.

    python pipelines/train.py pipelines/recipes/lines.py --workdir runs/lines --data-dir ~/corpora \
        --from saved_models/copiste --own-features
    python pipelines/evaluate.py runs/lines --dataset copiste --data-dir ~/corpora --split test --conditions all
    python pipelines/evaluate.py runs/lines --dataset page_sources --data-dir ~/corpora --split test
    python pipelines/evaluate.py runs/lines --dataset unipen_pictures/lines --data-dir ~/corpora --split test

The folder holds the archives of copiste, page_sources and unipen. A second round of copiste: its layers, more hands.

Expected: validation CER 14.7, 13.6, 12.5 after 16, 43, 84 core-minutes; test: see the model's card.
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
        extra_train=("page_sources", "unipen_pictures/lines", "unipen_pictures/word_lines"),
        extra_share=0.55,
        batch_frames=16_000,
        max_batch_size=24,  # about 16 lines
    ),
    features=LineImageConfig(kind="even", height=64, extent=3.5),
    augmentation=ImageAugmentationConfig(damage_probability=0.08),  # of each of many ways: half of all lines stay
    encoder=EncoderConfig(dropout=0.15),  # the layers are those of the model to start from
    output=OutputConfig(intermediate_share=0.3),
    training=TrainingConfig(
        steps=3_600,
        learning_rate=2e-3,
        warmup_steps=150,
        weight_decay=0.02,
        clip_norm=5.0,
        average_decay=0.998,
        evaluate_every=600,
        checkpoint_every=100,
    ),
)
