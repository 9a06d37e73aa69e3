"""What people write, checked: ``monitor.yaml`` and one YAML file for each profile.

``load.load_all(path)`` gives settings and profiles, or one ConfigError with every problem of every file, each with
its line, a caret and what to write instead. ``watch.Watcher(path)`` tells when to load again. ``schema`` is the one
place that says which keys there are; ``json_schema.write_schemas`` turns it into files for editors.
"""

from __future__ import annotations

import os

# Pydantic would read the metadata of every installed package to look for plugins, of which we want none.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
