"""Names Paceline's probe to a pytest that is configured not to load plugins by itself.

Python imports this at its start, by the same PYTHONPATH that the probe is found by: where a command replaces or ignores
that, nothing is named that could not be found. It names the probe in no other process than one that is pytest itself,
and leaves everything else to the sitecustomize that would have been imported without it.
"""

import os
import sys

OWN_FOLDER = os.path.dirname(os.path.abspath(__file__))


def words():
    found = getattr(sys, "orig_argv", None)
    if found is None:
        with open("/proc/self/cmdline") as file:
            found = file.read().split("\0")[:-1]
    return found[1:]


def is_pytest():
    """`python -m pytest`, or pytest's own script; the options of Python before it may have values."""
    rest = words()
    while rest:
        word = rest.pop(0)
        if word == "-m":
            return rest[:1] in (["pytest"], ["py.test"])
        if word in ("-X", "-W", "--check-hash-based-pycs"):
            del rest[:1]
        elif word == "-c" or not word.startswith("-"):
            return os.path.basename(word) in ("pytest", "py.test")
    return False


def name_the_probe():
    names = [name for name in os.environ.get("PYTEST_PLUGINS", "").split(",") if name]
    os.environ["PYTEST_PLUGINS"] = ",".join(names + ["paceline_probe"])


try:
    sys.path[:] = [path for path in sys.path if os.path.abspath(path) != OWN_FOLDER]
    if is_pytest():
        name_the_probe()
except Exception:
    pass

sys.modules.pop("sitecustomize", None)
import sitecustomize  # noqa: E402,F401
