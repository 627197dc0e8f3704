r"""Penn Treebank, word by word, in Mikolov's layout: ptb.train.txt, ptb.valid.txt, ptb.test.txt (10,000 words, <unk>).

    python pipelines/train.py pipelines/recipes/penn_treebank.py --workdir runs/ptb --data-dir ~/simple-examples
    python pipelines/perplexity.py runs/ptb --data-dir ~/simple-examples

The small network of Zaremba et al., Recurrent neural network regularization, 2014, trained as theirs was: two LSTM
layers of 200 units, no dropout, all weights from U(-0.1, 0.1), 20 rows, windows of 20, 13 epochs of plain gradient
descent, the rate halved before the fifth epoch and every one after it. Theirs has a test perplexity of 114.5.
They sum the loss over a window's 20 tokens, we average: a rate of 1 and a norm of 5 are 20 and 0.25 here.
Measured on 120,000 words of WikiText-2 in this layout, where four epochs suffice: test perplexity 214, and 226 of a
PyTorch program of the same network, steps and text (218 in its fifth epoch). On Penn Treebank itself: not yet.

Our linear cells: 195 there after as many steps, in 2.9 core-minutes where the above took 2.7, with a dropout and a
weight decay that validation chose (169 against 181):
    --set network.cell=min_gru network.is_residual=True network.is_tied=True network.dropout=0.15 \
          network.embedding_scale=0 network.initial_range=0 training.optimizer=adamw training.learning_rate=0.004 \
          training.halve_every=0 training.warmup_steps=500 training.weight_decay=0.8 training.clip_norm=1 \
          training.average_decay=0.998     # there 1,200 steps: warmup_steps=60, average_decay=0.99
"""

from seqapp.recipe import LanguageRecipe, NetworkConfig, TextConfig, TrainingConfig

EPOCH = 2_323  # windows of 20 tokens in 20 rows of 46,479
recipe = LanguageRecipe(
    text=TextConfig(dataset="penn_treebank", tokens="words", batch_size=20, window=20),
    network=NetworkConfig(
        cell="lstm",
        units=200,
        num_layers=2,
        width=200,
        is_residual=False,
        is_tied=False,
        dropout=0.0,
        embedding_scale=1.0,
        initial_range=0.1,
    ),
    training=TrainingConfig(
        steps=13 * EPOCH,
        optimizer="sgd",
        learning_rate=20.0,
        warmup_steps=0,
        halve_from=4 * EPOCH,
        halve_every=EPOCH,
        weight_decay=0.0,
        clip_norm=0.25,
        evaluate_every=EPOCH,
        checkpoint_every=EPOCH,
    ),
)
