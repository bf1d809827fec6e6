"""The app on a laptop: ``make run``, and every bare ``flask`` command."""

from hsh import create_app
from hsh.blueprints.start import refuse_unsafe_start

app = create_app()
refuse_unsafe_start(app)
