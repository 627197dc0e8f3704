"""LibriSpeech, 100 hours -> characters: for one GPU.

    python pipelines/train.py pipelines/recipes/librispeech_100.py --workdir runs/librispeech_100 --data-dir ~/libri
    python pipelines/evaluate.py runs/librispeech_100 --dataset librispeech --data-dir ~/libri --split test

~/libri holds train-clean-100, dev-clean and test-clean, packed or not; prepared, 12 GB on disk.

Expected: an estimate, not measured: 40,000 steps are 52 epochs; 4 to 8 hours of one recent GPU; greedy WER of 10 to 14
on test-clean, where recurrent CTC models on characters with these 100 hours and no language model tend to lie.
Try: --set data.dataset=librispeech/all_960
     --set training.compile=parts output.loss=sparse training.strategy=mirrored   (several GPUs; CTC by cuDNN)
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
    data=DataConfig(
        dataset="librispeech/clean_100",
        batch_frames=50_000,  # 8 minutes of audio
        max_batch_size=128,
        max_frames=2_000,
        letter_case="lower",
    ),
    features=LogMelConfig(kind="kaldi", min_hz=20.0),
    augmentation=SpeechAugmentationConfig(
        speed=0.1,
        noise_probability=0.2,
        noise_snr_db=(10.0, 30.0),
        time_warp=40,
        time_masks=4,
        time_mask_frames=50,
        freq_masks=2,
        freq_mask_bins=27,
    ),
    encoder=EncoderConfig(cell="min_gru", units=768, num_layers=8, width=512, stem_strides=(2, 2), dropout=0.15),
    output=OutputConfig(loss="blocks"),  # few launches inside of a compiled step
    training=TrainingConfig(
        steps=40_000,
        learning_rate=1.5e-3,
        warmup_steps=2_000,
        weight_decay=0.02,
        clip_norm=5.0,
        average_decay=0.9995,
        evaluate_every=1_000,
        checkpoint_every=500,
        precision="mixed_bfloat16",
        compile="step",  # some 1,400 kernels of an H200 a step, 16 shapes an epoch
    ),
)
