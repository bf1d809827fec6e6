"""The same app for a server: production unless the environment says otherwise."""

import os

os.environ.setdefault("HSH_ENV", "production")

from hsh import create_app
from hsh.blueprints.start import refuse_unsafe_start

app = create_app(commands=os.environ.get("FLASK_RUN_FROM_CLI") == "true")
refuse_unsafe_start(app)
