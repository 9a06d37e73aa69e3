"""The pages: listings, search, sign-up, archive, and where the links in mails lead.

All is drawn here on the server and works without scripts. What a GET answers changes nothing, ever: mail programs and
scanners follow every link. Queries are the store's, and what people want done is a job's.

* ``routes``: every address on one page; ``site``: what every page has at hand; ``look``: templates and their filters
* what everybody sees: ``listings`` by ``days``, ``cards`` of papers, ``papers``, ``search``, and any list of papers as
  ``feeds`` or ``bibtex``
* what a reader's link opens: ``feedback``, ``subscriptions``, ``archive``
* what the operator sees: ``operator`` behind ``login``; what machines ask: ``health``
* what stands before them all: ``guard`` (headers, sizes), ``limits`` (how often), ``forms`` (what people write),
  ``language``; ``server`` is uvicorn

To add a page: a function in the file that it belongs to, its line in ``routes``, its template in ``templates/web``.
"""
