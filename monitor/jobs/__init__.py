"""The only room that joins stages. A job is a file with ``async run(app) -> Report`` that reads top to bottom.

One bad part does not stop the rest: a source, a profile or a recipient that fails is noted with its reason in the
report, and the others go on. Work that keeps the processor busy runs in a thread, so that a daemon stays awake.

What comes round again and again, in this order, is ``cycle``; ``daemon.duties`` says how often each part of it comes:

* ``poll``: asks sources; ``take`` brings one answer into the store, ``judge`` compares it with all before
* ``match``: judges what is new for every profile, by ``topics`` fitted to the store and ``examples`` looked up in it;
  ``heard`` is a profile with its readers' words, ``pace`` a threshold from "about 5 a day", ``unread`` what is left,
  ``alike`` what is like each new paper, ``story`` a paper's way on the log
* ``trends``: what rises; ``alert`` tells at once what cannot wait
* ``summarise``: asks a language model ahead of the digests
* ``compose``: makes the digests that are due: ``agenda`` says whose may be, ``subscribers`` for whom, ``ahead`` and
  ``shared`` read what many of them need once, ``taste`` is one reader's own, ``draw`` their look
* ``deliver``: sends what waits; ``letters`` are mails to people who signed up, ``operator`` tells what needs a person
* ``bounces``, ``backup``, ``prune``: what comes once in a while

What a person asks for, on the command line or on a page:

* ``overview``, ``ledger``, ``audit``, ``doctor`` with ``doctor_machine`` and ``doctor_mail``: how things stand;
  ``right_time``: whether the clock can be believed
* ``preview``, ``compare``, ``edit``, ``suggest``, ``new_profile``, ``profiles``: profiles; ``explain`` and ``why_not``:
  a paper in one; ``learn`` and ``experiment``: how right it is
* ``say``: a reader's word, and ``effect``: what it would do; ``signup``: their subscription; ``search``: their question
* ``mailroom``: past mails; ``look_back``: past trends; ``backfill`` and ``replay``: a source's past; ``split``: a join
* ``add_sources``, ``move``, ``transfer``: what comes from elsewhere

``reports`` is what a job hands back, ``runs`` cuts many things into some at a time.

To add a job: a file here, and its line in ``daemon.duties`` or a command in ``monitor/cli`` that runs it.
"""
