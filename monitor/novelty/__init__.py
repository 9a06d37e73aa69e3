"""What a paper is to us: the second copy of another one, a revision, unlike all that came before."""
