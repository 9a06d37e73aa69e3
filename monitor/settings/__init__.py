"""What people write, checked: ``monitor.yaml`` and one YAML file for each profile.

``load.load_all(path)`` gives settings and profiles, or one ConfigError with every problem of every file, each with
its line, a caret and what to write instead. ``watch.Watcher(path)`` tells when to load again.

* what may stand there: ``installation`` (monitor.yaml) with ``web`` and ``kinds``, ``schema`` (a profile), made of
  ``fields``: ``addresses``, ``budget``, ``schedule``, ``words``; ``libraries`` are files of papers that a profile names
* from text to values: ``yaml`` with positions, ``syntax`` and ``problems`` say what is wrong, ``advice`` what will
  disappoint, ``credentials`` keeps secrets out; ``values`` is what comes out, ``keys`` what signs links
* for people: ``reference`` of every key, ``shown`` configuration, ``json_schema`` for editors, ``draft`` of a profile,
  ``opml`` into sources, ``write`` replaces a file whole

To add a key: a field in ``schema`` or ``installation`` with its description, its value in ``values`` or
``types.profiles``; then ``json_schema.write_schemas(Path("config"))``.
"""

from __future__ import annotations

import os

# Pydantic would read the metadata of every installed package to look for plugins, of which we want none.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
