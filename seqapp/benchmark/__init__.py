"""Benchmarks: speed and cost on this machine beside peers, in one run (pipelines/benchmark.py). Floor 6.

work/                 what is timed: layers, losses, features, streams, next words, decoders
timing, table, bars   interleaved repetitions to rows, rows as text, and the targets of the project
lengths, sweep, plot  cost against T, H and B: time, memory, a plot
peers, threads        PyTorch and optax where they are installed; the threads that every library gets
language_comparison   a language model beside torch.nn.LSTM (torch_language_model) on the same windows
ngram_comparison      an n-gram model beside KenLM's and torch.nn.LSTM

Modules are imported where they are used: TensorFlow reads the number of threads when it starts.
"""
