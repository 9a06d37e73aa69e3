"""Paper Monitor: watches listings of research papers and mails each reader a digest.

One paper's way through the house::

    source --requests--> fetch --bytes--> source.parse --Listing--> decide --> store (papers, sightings, batches)
                                                                                 |
    profiles/*.yaml --> Profile --> matchers (score, explain) <---- papers ------+
                                        |                                        +--> novelty: Verdict   trends: Trend
                                        v                                        v
                     digest.compose (budget, order, sections) --> Digest (blocks) --> render html + text --> outbox
                                                                                                               |
    reader <-- mail or file <-- channel.deliver <-- jobs.deliver (claim, send, receipt) <---------------------+

Every arrow is a plain value from ``monitor.types``. ``monitor.jobs`` is the only room that joins stages.

Each room is a folder, and its docstring is its chapter: what its files are for, and what to do to add one. From above
to below, each using only what lies under it (pyproject.toml has the law): ``cli``; ``daemon``; ``web``; ``engine``
(where jobs run); ``jobs``, ``evaluate``; ``app``, which opens an installation; ``settings``; ``moves``; ``sources``,
``ingest``, ``store``, ``matchers``, ``novelty``, ``trends``, ``summaries``, ``digest``, ``render``, ``channels``, which
know nothing of each other. On the ground floor: ``registry`` finds kinds on disk, ``words`` speaks the reader's
language, ``text`` cleans what feeds say, ``links`` signs what mails lead to, ``gate`` keeps us out of inner networks,
``resources`` finds the templates; ``types``, ``errors`` and ``clock`` lie under all. ``testing`` is for tests.

Looking to add something? One file each, named as it is called in YAML:

* a source      ``monitor/sources/<kind>.py``: what to ask, how to read the answer; no input or output
* a matcher     ``monitor/matchers/<kind>.py``
* a section     ``monitor/digest/sections/<name>.py``: facts in, blocks out
* a channel     ``monitor/channels/<kind>.py``: how bytes leave the house
* a command     ``monitor/cli/<name>.py``
* a move        ``monitor/moves/<program>.py``: what another program knows of its readers
* a language    ``templates/words/<code>.ftl``
* a look        ``templates/``: no Python needed

A key of a profile, a job, a page, a block of a mail, a column: see ``settings``, ``jobs``, ``web``, ``render`` and
``store``.
"""

from __future__ import annotations


def __getattr__(name: str) -> str:
    """Return ``__version__`` when it is asked for: looking it up takes longer than printing the help."""
    if name != "__version__":
        raise AttributeError(name)
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("paper-monitor")
    except PackageNotFoundError:  # a source tree that was never installed
        return "0+unknown"
