"""From an address to decided entries: fetched, normalised, identified, decided.

* ``fetch``: the only HTTP client of sources, with ``body`` (bytes in bounds), ``urls`` (what may be opened),
  ``politeness`` and ``robots`` (what a site asks), ``turns`` (one at a time); ``folder`` reads what people drop
* ``normalise``: the gate through which all feed text goes, with ``names`` of people and the ``language`` of a text
* ``identity``: what makes two entries one work, with ``addresses``: what a link says of the paper behind it
* ``decide``: what each entry means; ``arrival``: whether it is news; ``batches``: whether an announcement is whole
"""
