"""Recording conditions: damage to raw input by named functions, for evaluation and for augmentation. Floor 2.

condition         a function with its strength; the text that names it, such as level=-34
speech/, ink/, image/      the functions, and the table of conditions that `evaluate.py --conditions all` goes through
"""
