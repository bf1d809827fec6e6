"""The same app for a server: production unless the environment says otherwise."""

import gc
import os

gc.disable()  # what is loaded here stays: to look for garbage in it takes a tenth of the start
os.environ.setdefault("HSH_ENV", "production")

from hsh import create_app  # noqa: E402
from hsh.blueprints.start import refuse_unsafe_start  # noqa: E402

app = create_app(commands=os.environ.get("FLASK_RUN_FROM_CLI") == "true")
refuse_unsafe_start(app)
gc.freeze()  # nor is it looked through in requests: what they leave behind is found sooner
gc.enable()
