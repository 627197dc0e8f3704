"""Strings of one to seven spoken digits (FSDD): the whole path of speech in minutes.

    python pipelines/train.py pipelines/recipes/spoken_digits.py --workdir runs/spoken_digits --data-dir ~/fsdd
    python pipelines/evaluate.py runs/spoken_digits --dataset spoken_digits/strings --data-dir ~/fsdd --split test

~/fsdd holds free-spoken-digit-dataset-1.0.9.tar.gz, packed or not.

Expected: test CER 0.7, WER 2.2 on strings after 4 core-minutes, 0.4 M parameters.
Try: --set data.dataset=spoken_digits/strings_leave_out_theo   --set data.dataset=spoken_digits   --set training.seed=1
"""

from seqapp.recipe import (
    DataConfig,
    EncoderConfig,
    LogMelConfig,
    OutputConfig,
    Recipe,
    SpeechAugmentationConfig,
    TrainingConfig,
)

recipe = Recipe(
    data=DataConfig(dataset="spoken_digits/strings", batch_frames=6_000, max_batch_size=32),
    features=LogMelConfig(kind="librosa", num_mel_bins=40, max_hz=4_000.0),  # recorded at 8 kHz
    augmentation=SpeechAugmentationConfig(
        speed=0.1, gain_db=6.0, vocal_tract=0.1, time_masks=2, time_mask_frames=15, freq_masks=1, freq_mask_bins=8
    ),
    encoder=EncoderConfig(cell="min_gru", units=128, num_layers=3, stem_strides=(2, 2), dropout=0.1),
    output=OutputConfig(),
    training=TrainingConfig(
        steps=1_000,
        learning_rate=4e-3,
        warmup_steps=100,
        clip_norm=5.0,
        average_decay=0.99,
        evaluate_every=200,
        checkpoint_every=200,
    ),
)
