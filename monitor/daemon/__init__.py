"""``monitor run``: ticks come, the ledger says what is due, signals end it cleanly.

* ``service`` opens the installation, takes over edits and stops; ``schedule`` makes APScheduler a tick and no more
* ``duties`` says what comes again and again, how often and in which orders. A new one is a line there
* ``memory`` gives back what nobody uses, ``notify`` tells systemd how we are
"""
