"""Language model network: embedding, recurrent layers that carry their state on, softmax.

language_model   the network; language_layer: one recurrent layer of it; look_behind: its row convolution
"""
