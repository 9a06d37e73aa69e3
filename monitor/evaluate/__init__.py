"""How good the program is, beside the rules of others, on cases with known answers. Knows no store.

* ``matching`` reads ``cases``, with ``curves`` of thresholds, our ``parts`` one by one, and the ``rivals``
* ``novelty`` (pairs), ``store`` (a whole search), ``stream`` (what is announced again), beside the ``rules`` of others
* ``trends`` replays dated documents, with ``trend_rivals``, and ``trend_profiles`` for what concerns one reader

To add a rival: a function in ``rivals``, ``rules`` or ``trend_rivals``, under the name of its idea.
"""
