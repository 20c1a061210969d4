"""The house: which package may import which, what is installed, and that the docs are current."""

import ast
import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAY_IMPORT = {
    "graphmodel": set(),
    "loaders": {"graphmodel"},
    "queries": {"graphmodel"},
    "views": {"graphmodel", "queries"},
    "cli": {"graphmodel", "loaders", "queries", "views"},
}


def sources(package: str) -> list[Path]:
    if package == "cli":
        return [ROOT / "cli.py"]
    return sorted((ROOT / package).rglob("*.py"))


def imported(file: Path) -> set[str]:
    """Return the top-level names a file imports, anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file.name} imports relatively"
            names.add(str(node.module).partition(".")[0])
    return names


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_data_flows_one_way(package: str) -> None:
    ours = set(MAY_IMPORT) - {package}
    for file in sources(package):
        wrong = imported(file) & ours - MAY_IMPORT[package]
        assert not wrong, f"{file.relative_to(ROOT)} may not import {', '.join(sorted(wrong))}"


def test_what_is_imported_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project.get("optional-dependencies", {}).values()
    lines = [*project["dependencies"], *(line for extra in extras for line in extra)]
    declared = {line.partition(">")[0].lower() for line in lines}
    renamed = {
        "ipython": "IPython", "python-calamine": "python_calamine", "python-stdnum": "stdnum",
        "resvg-py": "resvg_py",
    }  # fmt: skip
    known = {renamed.get(name, name) for name in declared} | set(MAY_IMPORT)
    for package in MAY_IMPORT:
        for file in sources(package):
            unknown = imported(file) - known - sys.stdlib_module_names
            assert not unknown, f"{file.relative_to(ROOT)} imports {', '.join(sorted(unknown))}"


def test_the_wheel_installs_our_five_names_and_what_they_need(tmp_path: Path) -> None:
    code = (
        "import sys; from hatchling.builders.wheel import WheelBuilder\n"
        "print(next(WheelBuilder(sys.argv[1]).build(directory=sys.argv[2], versions=['standard'])))"
    )
    build = [sys.executable, "-c", code, str(ROOT), str(tmp_path)]
    subprocess.run(build, check=True, capture_output=True)  # noqa: S603  # our own code
    [wheel] = tmp_path.glob("liantu-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        entry = archive.read(next(n for n in names if n.endswith("entry_points.txt"))).decode()
    top = {name.partition("/")[0] for name in names if ".dist-info/" not in name}
    assert top == {"graphmodel", "loaders", "queries", "views", "cli.py"}
    assert "liantu = cli:main" in entry
    needed = {
        "graphmodel/data/regions.csv", "loaders/samples/jiangsu/企业.csv",
        "queries/alliances/standards/1314.toml",
        "loaders/samples/chenglan/企业.csv", "views/page/shell.html",
        "views/page/script.js",
    }  # fmt: skip
    assert needed <= set(names)
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_reference_pages_are_current() -> None:
    done = subprocess.run(  # noqa: S603  # our own code
        [sys.executable, str(ROOT / "docs" / "build_reference.py"), "--check"],
        capture_output=True,
        check=False,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
    )
    assert done.returncode == 0, done.stderr.decode()


def test_links_between_our_pages_lead_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    for page in pages:
        for piece in page.read_text(encoding="utf-8").split("](")[1:]:
            target = piece.partition(")")[0].partition("#")[0]
            if target and "://" not in target:
                assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_no_question_and_no_module_is_called_after_nothing() -> None:
    for package in MAY_IMPORT:
        for file in sources(package):
            assert file.stem not in {"utils", "util", "helpers", "helper", "manager", "misc"}


@pytest.mark.parametrize(("required", "status"), [("", 0), ("1", 1)])
def test_what_was_not_run_is_named_and_fails_where_all_is_required(
    tmp_path: Path, required: str, status: int
) -> None:
    text = 'import pytest\n\ndef test_it():\n    pytest.skip("needs Chromium: to look")\n'
    (tmp_path / "test_it.py").write_text(text, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    done = subprocess.run(  # noqa: S603  # our own code
        [sys.executable, "-m", "pytest", "-q", "-p", "conftest", str(tmp_path)],
        capture_output=True,
        check=False,
        cwd=tmp_path,
        env={
            **os.environ,
            "LIANTU_REQUIRE_ALL": required,
            "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "tests"))),
        },
    )
    said = done.stdout.decode()
    assert done.returncode == status, said
    assert "apt-get install chromium" in said
