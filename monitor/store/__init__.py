"""The only room that knows SQL.

``engine.open_store`` gives a Store; ``with store.write() as session`` and ``with store.read() as session`` bound a
transaction. Each aggregate is a file of functions that take the session first and give and take plain values, never
rows:

* ``sources``: when each source is due, what its addresses answered last; ``snapshots``: the answers themselves;
  ``batches``: what it announced; ``backfills``: how far its past was read; ``turns``: whose turn it is to ask
* ``papers``: papers, their keys, texts and sightings; ``joins``: which became one; ``alike``: which are like another
* ``verdicts``: what each paper was to us, and when; ``stories``: how unlike all before; ``trends``: what was rising
* ``matches``: which verdicts belong to which profile, and how far each profile has read; ``near_misses``: which almost
* ``digests``: one row for each subscription, local date and kind; where each match went; ``archive``: those of the past
* ``outbox``: finished mails and what became of them; ``mails``: the same as a person looks at it; ``paces``: how many
  may leave now; ``channels``: which are broken as a whole
* ``readers``: what people chose; ``feedback``: what they said; ``suppressions``: who gets no mail, and the bounces that
  led to it; ``summaries``: what a language model said
* ``listing`` and ``search``: what pages show; ``audit``: whether the promises were kept
* ``marks``, ``beats``, ``lock``, ``queue``: the installation as a whole, and the processes that work on it; ``clock``:
  a server's own; ``glance``: a look without opening it

Under them lie ``migrate`` (the schema's version) and what makes SQL short and fast on SQLite and PostgreSQL:
``upsert``, ``portions``, ``plainly``, ``written``, ``words``. ``backup``, ``portable`` and ``transfer`` take a database
elsewhere.

To add a column: its table in ``tables``, a migration with the next number in ``migrations/versions``, ``migrate.HEAD``.
"""
