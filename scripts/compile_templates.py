#!/usr/bin/env python3
"""Compile every template for the web workers (hsh/blueprints/render.py)."""

import shutil
import sys
import tempfile
from pathlib import Path

from jinja2 import FileSystemBytecodeCache

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from hsh import config, create_app
from hsh.blueprints.render import COMPILED

shutil.rmtree(COMPILED, ignore_errors=True)
with tempfile.TemporaryDirectory() as home:
    app = create_app(config.load({"HSH_DATA_DIR": home}), commands=False)
    COMPILED.mkdir()
    templates = app.jinja_env
    templates.cache = {}
    templates.bytecode_cache = FileSystemBytecodeCache(str(COMPILED))
    for name in templates.list_templates():
        templates.get_template(name)
