"""WikiText, word by word, in its own layout: wiki.train.tokens, wiki.valid.tokens, wiki.test.tokens (2 or 103).

    python pipelines/train.py pipelines/recipes/wikitext.py --workdir runs/wikitext2 --data-dir ~/wikitext-2

33,000 words (WikiText-2) in a sampled softmax while training; perplexities are those of the full one.
Try: --set network.softmax=full   --set network.cell=lstm   --set network.embedding_dropout=0.2
"""

from seqapp.recipe import LanguageRecipe, NetworkConfig, TextConfig, TrainingConfig

recipe = LanguageRecipe(
    text=TextConfig(dataset="wikitext", tokens="words", batch_size=32, window=70),
    network=NetworkConfig(
        cell="min_gru",
        units=400,
        num_layers=3,
        width=400,
        dropout=0.4,
        embedding_dropout=0.1,
        softmax="sampled",
        num_sampled=2_000,
    ),  # fmt: skip
    training=TrainingConfig(
        steps=20_000,
        learning_rate=2e-3,
        warmup_steps=500,
        weight_decay=0.05,
        clip_norm=1.0,
        average_decay=0.998,
        evaluate_every=1_000,
        checkpoint_every=1_000,
        patience=4,
    ),
)
