"""The only room that knows SQL.

``engine.open_store`` gives a Store; ``with store.write() as session`` and ``with store.read() as session`` bound a
transaction. Each aggregate is a file of functions that take the session first and give and take plain values, never
rows:

* ``sources``: when each source is due, what its addresses answered last, what it announced
* ``papers``: papers, their keys, texts and sightings
* ``verdicts``: what each paper was to us, and when
* ``matches``: which verdicts belong to which profile, and how far each profile has read
* ``digests``: one row for each subscription, local date and kind; where each match went
* ``outbox``: finished mails and what became of them; ``mails``: the same as a person looks at it
* ``channels``: which are broken as a whole; ``suppressions``: who gets no mail, and the bounces that led to it
* ``trends``: what was rising on each day
"""
