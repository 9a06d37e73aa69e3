"""What a paper is to us: the second copy of another one, a revision that says something else, unlike all that came before."""
