"""Compiled code that is kept on disk belongs to the kernels as they are written now."""

import shutil
import subprocess
import sys
from pathlib import Path

from queries.kernels import compiled

INNER = "from compiled import bare\n\n@bare\ndef inner(x):\n    return x + {}\n"
OUTER = """from compiled import bare
from inner import inner

@bare
def outer(x):
    return inner(x)

print(outer(1), sum(outer.stats.cache_hits.values()))
"""


def told(folder: Path) -> list[str]:
    """Return what `outer` gives, and how often its code was found on disk."""
    command = [sys.executable, "outer.py"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)  # noqa: S603  # our own script
    return done.stdout.split()


def test_what_a_kernel_calls_is_never_out_of_date(tmp_path: Path) -> None:
    shutil.copy(compiled.__file__, tmp_path / "compiled.py")
    (tmp_path / "inner.py").write_text(INNER.format(1))
    (tmp_path / "outer.py").write_text(OUTER)
    assert told(tmp_path) == ["2", "0"]
    assert told(tmp_path) == ["2", "1"]
    (tmp_path / "inner.py").write_text(INNER.format(4))
    assert told(tmp_path) == ["5", "0"]
