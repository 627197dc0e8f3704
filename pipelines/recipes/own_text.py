"""A language model of any text: a file in UTF-8 or a folder of them, its last 10 % held out.

    python pipelines/train.py pipelines/recipes/own_text.py --workdir runs/diary --data-dir diary.txt
    python pipelines/next_word.py runs/diary "yesterday we went to the"

Words, for a text of some hundred thousand; characters for a smaller one:
    --set text.tokens=characters text.window=256 text.min_count=1
"""

from seqapp.recipe import LanguageRecipe, NetworkConfig, TextConfig, TrainingConfig

recipe = LanguageRecipe(
    text=TextConfig(dataset="own_text", tokens="words", min_count=2, batch_size=32, window=64),
    network=NetworkConfig(
        cell="min_gru", units=256, num_layers=2, width=256, dropout=0.4, embedding_dropout=0.1, recurrent_dropout=0.0
    ),
    training=TrainingConfig(
        steps=4_000,
        learning_rate=3e-3,
        warmup_steps=200,
        weight_decay=0.05,
        clip_norm=1.0,
        average_decay=0.998,
        evaluate_every=200,
        checkpoint_every=200,
        patience=6,
    ),
)
