"""From an address to decided entries: fetch (the only HTTP client), normalise, identify, decide."""
