"""What a paper is to us: the second copy of another one, a revision, unlike all that came before. Pure.

* ``search`` finds the few papers that could be copies; ``near_duplicates`` decides over each by the figures of
  ``pairs`` (of ``records`` where there is no abstract), weighed by ``coefficients`` in a ``logistic`` regression
* ``revision`` tells in sentences what changed
* ``first_story`` says how far a paper stands from everything before it; ``common_words`` helps a small store with that
"""
