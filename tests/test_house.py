"""The rules of the house: who may import whom, and that importing does nothing."""

import ast
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MAY_IMPORT = {
    "index": set(),
    "prompts": set(),
    "assistant": {"index", "prompts"},
    "ui": {"assistant", "index"},
    "evals": {"assistant", "index"},
}
OURS = set(MAY_IMPORT)


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found & OURS


@pytest.mark.parametrize("package", sorted(MAY_IMPORT))
def test_imports_go_one_way(package):
    for path in (ROOT / package).rglob("*.py"):
        allowed = MAY_IMPORT[package] | {package}
        if path == ROOT / "assistant" / "cli.py":
            allowed |= {"ui"}  # `anze serve` starts the page
        assert imported(path) <= allowed, path.relative_to(ROOT)


def test_the_command_line_loads_no_model_to_show_its_help():
    check = (
        "import sys, assistant.cli; "
        "print([m for m in ('torch','chromadb','gradio','transformers','pydantic','numpy',"
        "'sqlalchemy') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", check], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.strip() == "[]"


def test_importing_the_packages_reads_no_environment_and_makes_no_files(tmp_path):
    check = "import assistant.service, index.store, assistant.settings, ui.app"
    done = subprocess.run(
        [sys.executable, "-c", check],
        capture_output=True,
        check=False,
        text=True,
        cwd=tmp_path,
        env={"PATH": "", "HOME": str(tmp_path), "ANZE_NO_SUCH_SETTING": "1"},
    )
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize("name", sorted(OURS))
def test_nobody_else_owns_our_package_names(name):
    assert set(packages_distributions().get(name, ["anze"])) == {"anze"}
