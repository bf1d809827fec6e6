"""What shows that the books keep their promises: one file for each goal in ``proof/goals``.

``python -m proof`` runs them; see ``proof/__main__.py``. A goal uses the real services on a real
database and asks afterwards, with its own eyes and with every law of ``flask verify``, what
became of what was promised.
"""
