r"""AN4 in the wild, a second round: soft, clipped, noisy, over the telephone, compressed -> characters.

    python pipelines/train.py pipelines/recipes/an4_wild.py --workdir runs/an4_wild --data-dir ~/an4.tar \
        --from runs/an4 --own-features
    python pipelines/evaluate.py runs/an4_wild --dataset an4 --data-dir ~/an4.tar --split test --conditions all

The layers are those of the model to start from, of an4 or of an4_streaming; the features are this recipe's, which mind
neither loudness nor an offset.

Expected: from an4, test WER 7.24 (6.21 before), and 7.0 at -34 dB (98 before), 12.9 over the telephone (84), 7.5 as MP3
(25), 9.4 and 18.1 in white noise of 20 and 10 dB (43 and 87), after 36 core-minutes.
From an4_streaming, 2,000 steps, test WER 8.80 (7.63 before), 9.1 at -34 dB, 16.3 over the telephone, 10.5 as MP3.
Try: --set augmentation.channel_probability=0.2   --set training.steps=3600   --set training.seed=1
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
    data=DataConfig(dataset="an4", batch_frames=6_000, max_batch_size=32),  # a minute of audio
    features=LogMelConfig(kind="librosa", min_hz=60.0, level="running"),  # neither offset nor loudness
    augmentation=SpeechAugmentationConfig(
        speed=0.1,
        noise_probability=0.3,
        noise_snr_db=(5.0, 30.0),
        reverberation_probability=0.15,
        channel_probability=0.12,  # a quarter of all utterances stay as they are
        vocal_tract=0.15,
        time_masks=2,
        time_mask_frames=25,
        freq_masks=2,
        freq_mask_bins=15,
    ),
    encoder=EncoderConfig(dropout=0.15),  # the layers are those of the model to start from
    output=OutputConfig(intermediate_share=0.3),
    training=TrainingConfig(
        steps=1_800,  # 40 epochs
        learning_rate=1.5e-3,
        warmup_steps=100,
        weight_decay=0.02,
        clip_norm=5.0,
        average_decay=0.998,
        evaluate_every=150,
        checkpoint_every=150,
    ),
)
