# Bare `flask` means the app on a laptop; it would take wsgi.py first.
FLASK_APP=app.py
