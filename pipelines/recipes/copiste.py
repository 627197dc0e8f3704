r"""Copiste d'un jour: lines of modern French handwriting, cut out of scanned pages -> characters.

    python pipelines/train.py pipelines/recipes/copiste.py --workdir runs/copiste --data-dir ~/copiste-dun-jour.tar
    python pipelines/evaluate.py runs/copiste --dataset copiste --data-dir ~/copiste-dun-jour.tar --split test

Expected: validation CER 43.7, 25.8, 17.9, 13.1 after 12, 23, 44, 128 core-minutes (the last: test CER 10.5, WER 36.8).
A second round from these weights, with a high rate again: validation CER 12.1, test CER 9.4, WER 33.9 after 87 more:
    python pipelines/train.py pipelines/recipes/copiste.py --workdir runs/copiste_2 --data-dir ~/copiste-dun-jour.tar \
        --from runs/copiste --set encoder.dropout=0.2 training.steps=4600 training.learning_rate=2e-3 \
        training.warmup_steps=150
The shipped model: the same weights with even features (inverted, shaded, ruled paper), and a confidence fitted to them:
    python pipelines/train.py pipelines/recipes/copiste.py --workdir runs/copiste_3 --data-dir ~/copiste-dun-jour.tar \
        --from runs/copiste_2 --own-features --set features.kind=even encoder.dropout=0.2 training.steps=1 \
        training.learning_rate=1e-9 training.warmup_steps=0 training.evaluate_every=1 training.checkpoint_every=1
A third round with masks and some damage, stopped at step 3,200 of 3,500 (best at 2,500, 83 core-minutes): validation CER
11.84, WER 39.45 where the shipped model has 11.92, 38.49; between neighbours 17.8 (27.5), at 16 rows 26.8. Not shipped:
    python pipelines/train.py pipelines/recipes/copiste.py --workdir runs/copiste_masked --data-dir \
        ~/copiste-dun-jour.tar --from saved_models/copiste --own-features --set features.kind=even encoder.dropout=0.2 \
        augmentation.damage_probability=0.04 augmentation.mask_share=0.1 training.steps=3500 \
        training.learning_rate=2e-3 training.warmup_steps=150 training.weight_decay=0.05 output.confidence_examples=0
Try: --set training.steps=12000   --set encoder.cell=lstm   --set features.height=48   --set training.seed=1
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
    data=DataConfig(dataset="copiste", batch_frames=16_000, max_batch_size=24),  # about 16 lines
    features=LineImageConfig(height=64, extent=3.5),
    augmentation=ImageAugmentationConfig(),
    encoder=EncoderConfig(
        image_channels=(16, 32, 48, 64),
        image_strides=(2, 1, 2, 1),  # about 5 frames a character are left
        image_row_strides=(2, 2, 2, 1),
        cell="min_gru",
        units=256,
        num_layers=4,
        stem_kernel=3,
        stem_strides=(1,),
        dropout=0.15,
    ),
    output=OutputConfig(intermediate_share=0.3),
    training=TrainingConfig(
        steps=6_000,  # 21 epochs, 2 core-hours
        learning_rate=2.5e-3,
        warmup_steps=300,
        weight_decay=0.02,
        clip_norm=5.0,
        average_decay=0.998,
        evaluate_every=500,
        checkpoint_every=250,
    ),
)
