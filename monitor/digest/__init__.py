"""From what is known to what is said: which papers a digest holds, in which order, in which words. Pure.

``due`` says when, ``select`` says which papers and why not the others, ``compose`` puts the sections together. Each
section is one file in ``sections``: a function from facts to blocks.
"""
