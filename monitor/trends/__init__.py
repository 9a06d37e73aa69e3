"""What rises faster than its own past explains: terms (bursts) and papers (velocity)."""
