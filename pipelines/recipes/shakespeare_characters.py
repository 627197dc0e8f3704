"""Tiny Shakespeare, character by character: 1.1 MB of text, its last 10 % held out as TFDS does.

    python pipelines/train.py pipelines/recipes/shakespeare_characters.py --workdir runs/bard --data-dir input.txt
    python pipelines/next_word.py runs/bard "to be or not to"

Expected: 2.032 bits a character on validation, 2.256 on test, after 39 core-minutes; torch.nn.LSTM 2.051 and 2.216.
Try: --set network.cell=lstm   --set network.dropout=0.4   --set training.steps=3000   --set training.seed=1
"""

from seqapp.recipe import LanguageRecipe, NetworkConfig, TextConfig, TrainingConfig

recipe = LanguageRecipe(
    text=TextConfig(dataset="tiny_shakespeare", tokens="characters", batch_size=32, window=256),
    network=NetworkConfig(cell="min_gru", units=256, num_layers=4, width=256, look_behind=3, dropout=0.25),
    training=TrainingConfig(
        steps=3_500,  # 29 epochs
        learning_rate=4e-3,
        warmup_steps=200,
        weight_decay=0.05,
        clip_norm=1.0,
        average_decay=0.998,
        evaluate_every=250,
        checkpoint_every=250,
    ),
)
