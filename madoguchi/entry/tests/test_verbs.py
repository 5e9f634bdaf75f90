"""What every verb has in common (共通の動き)."""

import subprocess
import sys


def test_a_fault_before_django_stands_is_told_as_itself():
    """In a process of its own: here Django stands long since."""
    call = "from madoguchi.entry.cli.verbs import _foreseen; print(_foreseen(ValueError()))"
    done = subprocess.run([sys.executable, "-c", call], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "None\n"), done.stderr
