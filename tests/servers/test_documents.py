"""What is written for operators is true: every setting, every script, compose, the deployment check."""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.e2e.site import ROOT

OPERATIONS = ROOT / "docs" / "operations.md"
DOCKER = ROOT / "docker"
COMPOSE: dict[str, Any] = yaml.safe_load((DOCKER / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OWN = {"DJANGO_SETTINGS_MODULE"}  # set by the site itself


def settings_read(path: Path) -> Iterator[str]:
    """The names that `env.kind("NAME")` and `os.environ.get("NAME")` ask for."""
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or not node.args:
            continue
        asked = ast.unparse(node.func.value) in ("env", "os.environ")
        if asked and isinstance(node.args[0], ast.Constant):
            yield str(node.args[0].value)


def settings_of_scripts() -> set[str]:
    named = re.compile(r"\$\{([A-Z][A-Z0-9_]+):-")
    return {name for path in DOCKER.glob("*.sh") for name in named.findall(path.read_text())}


def documented() -> list[str]:
    return re.findall(r"^\| `([A-Z][A-Z0-9_]+)` \|", OPERATIONS.read_text(), re.MULTILINE)


def test_every_setting_is_documented_and_no_other() -> None:
    read = {name for path in (ROOT / "annotation_site").glob("*.py") for name in settings_read(path)}
    known = (read | settings_of_scripts()) - OWN
    lines = "".join(f"\n| `{name}` | ... | ... |" for name in sorted(known - set(documented())))
    assert not lines, f"add to the table of docs/operations.md:{lines}"
    assert set(documented()) == known, "these are settings no more"
    assert len(documented()) == len(set(documented()))


def production(**more: str) -> dict[str, str]:
    """What `docker/compose.yaml` gives a web container, filled in."""
    given = {name: str(value) for name, value in SERVICES["web"]["environment"].items()}
    filled = {name: re.sub(r"\$\{[^}]*\}", "0123456789abcdef" * 4, value) for name, value in given.items()}
    return {"PATH": os.environ["PATH"], **filled, "OIDC_SERVER_URL": "", "ALLOWED_HOSTS": "a.example", **more}


def test_the_documented_production_settings_pass_djangos_deployment_check(tmp_path: Path) -> None:
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    env = production(DATA_DIR=str(tmp_path / "data"))
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, "no issues" in done.stdout) == (0, True), done.stdout + done.stderr


def test_compose_names_only_what_there_is() -> None:
    known = set(documented())
    for name, service in SERVICES.items():
        assert set(service.get("depends_on", {})) <= set(SERVICES), name
        if "build" in service:
            assert (DOCKER / service["build"]["context"] / service["build"]["dockerfile"]).is_file(), name
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source.startswith((".", "$")) or source in COMPOSE["volumes"], volume
    assert set(SERVICES["web"]["environment"]) <= known
    assert SERVICES["worker"]["environment"] == SERVICES["web"]["environment"]


def test_every_service_that_stays_up_is_asked_how_it_is() -> None:
    assert {name for name, service in SERVICES.items() if "healthcheck" not in service} == {"migrate"}


def test_compose_asks_for_every_secret() -> None:
    """No password stands in the file, and none has a default."""
    asked = set(re.findall(r"\$\{([A-Z0-9_]+)", (DOCKER / "compose.yaml").read_text()))
    example = re.findall(r"^([A-Z0-9_]+)=", (DOCKER / "site.env.example").read_text(), re.MULTILINE)
    assert asked == set(example)
    for name in ("SECRET_KEY", "POSTGRES_PASSWORD", "VALKEY_PASSWORD", "S3_SECRET_KEY"):
        assert f"${{{name}:?" in (DOCKER / "compose.yaml").read_text()


def test_nginx_is_given_all_that_its_template_asks_for() -> None:
    asked = set(re.findall(r"\$\{([A-Z0-9_]+)\}", (DOCKER / "nginx.conf.template").read_text()))
    given = SERVICES["nginx"]["environment"]
    assert asked == set(given) - {"NGINX_ENVSUBST_FILTER"}
    assert {
        name for name in asked if re.fullmatch(given["NGINX_ENVSUBST_FILTER"].replace("$$", "$"), name)
    } == asked


@pytest.mark.parametrize("image", ["web", "worker", "robot", "ml"])
def test_an_image_runs_its_script(image: str) -> None:
    text = (DOCKER / f"{image}.Dockerfile").read_text()
    (script,) = re.findall(r'^ENTRYPOINT \["(.+)"\]$', text, re.MULTILINE)
    assert script == f"docker/{image}.sh"
    assert os.access(ROOT / script, os.X_OK)
    assert re.search(r"^USER (?!root)", text, re.MULTILINE), "it runs as nobody in particular"
    for name in re.findall(r"^COPY (?:--\S+ )?(\S+) ", text, re.MULTILINE):
        assert name in (".", "/build/frontend/dist") or list(ROOT.glob(name)), name


def run(script: str, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    given = {"PATH": os.environ["PATH"], "PYTHON": sys.executable, **env}
    command = [str(DOCKER / f"{script}.sh"), *arguments]
    return subprocess.run(command, env=given, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("script", ["web", "worker", "migrate"])
def test_a_script_says_what_is_missing(script: str) -> None:
    done = run(script)
    assert done.returncode == 2
    assert done.stderr == "SECRET_KEY has to be set; docs/operations.md says to what.\n"


def test_the_ml_image_runs_a_part_of_ml() -> None:
    assert "usage" in run("ml", "vqa", "--help").stdout.lower()
    done = run("ml")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


def test_the_robot_image_runs_a_part_of_robot() -> None:
    if not (ROOT / "robot" / "supervisor").is_dir():
        pytest.skip("this tree has no robot/supervisor yet")
    assert "usage" in run("robot", "supervisor", "--help").stdout.lower()
