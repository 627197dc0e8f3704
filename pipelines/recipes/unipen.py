"""UNIPEN: connected handwriting from a pen, single lines -> characters.

    python pipelines/train.py pipelines/recipes/unipen.py --workdir runs/unipen --data-dir ~/corpora
    python pipelines/evaluate.py runs/unipen --dataset unipen/lines --data-dir ~/corpora --split test

Expected: test CER 7.99 %, WER 36.2 % after 62 core-minutes; three rounds of unipen_wild then take it to 7.09 %.
Try: --set training.steps=2000   --set features.kind=curves   --set encoder.cell=lstm   --set training.seed=1
"""

from seqapp.recipe import AugmentationConfig, DataConfig, EncoderConfig, InkConfig, OutputConfig, Recipe, TrainingConfig

recipe = Recipe(
    data=DataConfig(
        dataset="unipen/lines",
        extra_train=("unipen/words", "unipen/lists_as_lines"),  # 310k characters more, by many more hands
        extra_share=0.5,
        batch_frames=16_000,
        max_batch_size=32,
        max_frames=6_000,  # all but a handful of scribbles
    ),
    features=InkConfig(
        kind="points",
        height="spread",  # a bounding box shrinks sloping lines and swells words without ascenders
        step=0.05,
        include_y=True,
    ),
    augmentation=AugmentationConfig(
        scale=0.2, rotation_deg=4.0, shear=0.3, time_stretch=0.3, noise=0.006, warp=0.05, join_words=6
    ),
    encoder=EncoderConfig(
        cell="min_gru",
        units=256,
        num_layers=5,
        stem_strides=(2, 2, 2),  # about 6 frames a character are left: as accurate as 12, at half the time
        look_behind=4,  # gates see half a letter to either side
        look_ahead=4,
        dropout=0.15,
    ),
    output=OutputConfig(intermediate_share=0.3, loss="sparse"),  # what the figures were measured with
    training=TrainingConfig(
        steps=5_000,
        learning_rate=3e-3,
        warmup_steps=300,
        weight_decay=0.02,
        clip_norm=1.0,
        average_decay=0.998,
        evaluate_every=500,
        checkpoint_every=250,
    ),
)
