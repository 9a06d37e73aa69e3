"""What people write, checked: ``monitor.yaml`` and one YAML file for each profile.

``load.load_all(path)`` gives settings and profiles, or one ConfigError with every problem of every file, each with
its line, a caret and what to write instead. ``watch.Watcher(path)`` tells when to load again. ``schema`` is the one
place that says which keys there are; ``json_schema.write_schemas`` turns it into files for editors.
"""
