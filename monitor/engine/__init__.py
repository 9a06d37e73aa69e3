"""Where jobs run. ``local`` runs them in this process."""
