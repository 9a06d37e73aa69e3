"""A paper in a few sentences: ``extractive`` takes the abstract's own, ``openai`` asks the operator's language model.

What the model says is shown only where the abstract bears it out; else the abstract speaks for itself.
"""
