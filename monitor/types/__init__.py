"""The house's values: frozen, plain, without input or output. Every arrow between two rooms is one of these."""
