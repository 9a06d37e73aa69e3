"""The only room that joins stages. A job is a file with ``async run(app) -> Report`` that reads top to bottom.

One bad part does not stop the rest: a source, a profile or a recipient that fails is noted with its reason in the
report, and the others go on. Work that keeps the processor busy runs in a thread, so that a daemon stays awake.
"""
