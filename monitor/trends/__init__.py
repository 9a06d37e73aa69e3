"""What rises faster than its own past explains: terms, authors and papers. Pure.

* ``terms`` reads them from papers without ``boilerplate``, ``sheets`` keeps a source's day, ``table`` counts the days
* ``bursts`` tests terms and authors, ``velocity`` the upvotes of papers; ``states`` says how a rise goes on
* ``topics`` makes of many terms the few rises that are told
"""
