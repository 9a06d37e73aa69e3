"""The house's values: frozen, plain, without input or output. Every arrow between two rooms is one of these.

``listings`` come from sources, ``findings`` from deciding over them; ``papers``, ``verdicts`` and ``ledger`` from the
store; ``profiles`` from the settings; ``digests`` are trees of blocks; ``feedback`` and ``readers`` are what people
said and chose; ``rate`` and ``queue`` are how fast work may go and how it fares.
"""
