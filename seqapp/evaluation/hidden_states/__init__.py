"""Hidden states of recurrent layers while one example is read, and their plots (plot.py memory, plot.py unrolled).

states             the states of all layers over time; recognizer_states: of a recogniser
units_plot         units over time, and those that follow a named property; input_plot: the input beside them
unrolled_plot      the network unrolled in time; pictures: both as files
"""
