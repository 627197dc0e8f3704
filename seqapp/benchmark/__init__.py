"""How long things take on this machine, beside their peers, in one run: what pipelines/benchmark.py prints.

rnn, ctc, features, stream, next_word, decoders     what is timed: a dict of a row's name to what builds its runs
timing, table, bars            interleaved repetitions -> rows -> text, and what the project demands of them
lengths, sweep, plot           cost against T, H and B: time, memory, a picture
peers, threads                 PyTorch and optax where they are installed; the threads that every library gets

Modules are imported where they are used: TensorFlow reads the number of threads when it starts. Floor 4.
"""
