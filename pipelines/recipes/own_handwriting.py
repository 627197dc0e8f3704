r"""Your own handwriting: a few dozen lines, photographed or scanned -> a model that knows your hand.

    python pipelines/train.py pipelines/recipes/own_handwriting.py --workdir runs/me --data-dir lines \
        --from saved_models/copiste
    python pipelines/transcribe.py runs/me next_page/

lines/ holds train/ and validation/, each with images of single lines and their texts: 01.png and 01.gt.txt. Thirty
lines are a start, a hundred are better; one in ten for validation. Pages segmented with eScriptorium or Transkribus
do as well: --set data.dataset=alto_lines, or page_lines.

Expected: for two volunteers of copiste's test set, 30 lines to train on, 4 to validate, 23 to test: CER 9.3 before, 8.6
after 4 core-minutes.
Try: --freeze "image_*" stem_0   --symbols replace   --set training.steps=1000
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
    data=DataConfig(dataset="line_pairs", batch_frames=8_000, max_batch_size=8),
    features=LineImageConfig(),  # these and the encoder's layers are those of the model to start from
    augmentation=ImageAugmentationConfig(),
    encoder=EncoderConfig(dropout=0.2),
    output=OutputConfig(),
    training=TrainingConfig(
        steps=300,
        learning_rate=3e-4,  # a tenth of what a fresh model learns with: it shall not forget
        warmup_steps=30,
        weight_decay=0.02,
        average_decay=0.98,
        evaluate_every=50,
        checkpoint_every=50,
    ),
)
