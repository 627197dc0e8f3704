"""Penn Treebank, word by word, in Mikolov's layout: ptb.train.txt, ptb.valid.txt, ptb.test.txt (10,000 words, <unk>).

    python pipelines/train.py pipelines/recipes/penn_treebank.py --workdir runs/ptb --data-dir ~/simple-examples

The small network of Zaremba et al., Recurrent neural network regularization, 2014: two LSTM layers of 200 units, no
dropout, 20 rows, windows of 20; theirs has a test perplexity of 114.5. The optimizer is ours.
Try: --set network.is_residual=True network.cell=min_gru network.is_tied=True network.dropout=0.4
"""

from seqapp.recipe import LanguageRecipe, NetworkConfig, TextConfig, TrainingConfig

recipe = LanguageRecipe(
    text=TextConfig(dataset="penn_treebank", tokens="words", batch_size=20, window=20),
    network=NetworkConfig(
        cell="lstm", units=200, num_layers=2, width=200, is_residual=False, is_tied=False, dropout=0.0
    ),
    training=TrainingConfig(
        steps=30_000,  # 13 epochs
        learning_rate=2e-3,
        warmup_steps=500,
        weight_decay=0.0,
        clip_norm=5.0,
        evaluate_every=2_300,
        checkpoint_every=1_150,
        patience=3,
    ),
)
