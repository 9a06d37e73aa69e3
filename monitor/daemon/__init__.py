"""``monitor run``: APScheduler ticks, the ledger says what is due, signals end it cleanly."""
