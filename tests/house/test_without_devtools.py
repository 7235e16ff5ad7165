"""What is for development only is not needed where it is not shipped."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ("stage", "companies", "placements", "attendance", "assessments", "templates", "static")


def test_the_image_leaves_the_tools_of_development_out():
    left_out = (ROOT / ".dockerignore").read_text().split()
    assert {"stage/devtools", "templates/devtools"} <= set(left_out)


def test_production_starts_without_them(tmp_path):
    no_tools = shutil.ignore_patterns("devtools", "__pycache__")
    for name in SHIPPED:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=no_tools)
    shutil.copy(ROOT / "manage.py", tmp_path)
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "stage.settings.production",
        "SECRET_KEY": "x" * 60 + "0123456789",
        "ALLOWED_HOSTS": "stage.test",
        "SITE_URL": "https://stage.test",
        "DATABASE_URL": "postgres:///none",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    code = (
        "import django; django.setup();"
        "from stage.core.who.access import registry;"
        "assert not [n for n in registry() if n.startswith('devtools')];"
        "print(len(registry()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 150
