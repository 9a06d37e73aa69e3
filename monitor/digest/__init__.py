"""From what is known to what is said: which papers a digest holds, in which order, in which words. Pure.

* ``due`` says when
* ``facts`` are what a digest is made from; ``select`` says which papers and why not the others, ``draft`` shares the
  places between two matchers
* ``compose`` puts the sections together, each one file in ``sections``: a function from facts to blocks. They are made
  of ``cards`` and ``phrases``, ``evidence`` words why two papers are one, ``subject`` and ``receipt`` are top and foot

To add a section: a file in ``sections``, and its name in ``compose.ORDER``.
"""
