"""Prints what this Python has of pytest, as one line of JSON after a mark. Changes nothing, and runs no test."""
import importlib.util
import json
import os
import subprocess
import sys

MARK = "paceline-image-tools: "
PACKAGES = {"pytest": "pytest", "pytest-xdist": "xdist", "pytest-cov": "pytest_cov"}
# Registering markers may take the project's conftest, which may look for services that are not there.
CONFTEST_SECONDS = 10


def installed(module):
    try:
        return importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):
        return False


def strict_markers(config):
    if getattr(config.option, "strict_markers", False) or getattr(config.option, "strict", False):
        return True
    for name in ("strict_markers", "strict"):  # pytest 9 has them in its file as well
        try:
            if config.getini(name):
                return True
        except (KeyError, ValueError):
            pass
    return False


def configured():
    """What pytest itself says with the project's configuration; None where it does not come to say anything."""
    import pytest

    seen = {}

    class Look:
        @pytest.hookimpl(tryfirst=True)
        def pytest_cmdline_main(self, config):
            seen["loaded"] = [
                name
                for name, option in (("pytest-xdist", "numprocesses"), ("pytest-cov", "cov_source"))
                if hasattr(config.option, option)
            ]
            seen["refusesMarkers"] = int(pytest.__version__.split(".")[0]) >= 9 and strict_markers(config)
            seen["markers"] = [line.split(":")[0].split("(")[0].strip() for line in config.getini("markers")]
            return 0

    pytest.main(["--noconftest", "-p", "no:cacheprovider"], plugins=[Look()])
    return seen or None


def registered(marker):
    """By the project's conftest as well; None where it cannot be told."""
    try:
        command = [sys.executable, "-m", "pytest", "--markers", "-p", "no:cacheprovider"]
        asked = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=CONFTEST_SECONDS
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return None if asked.returncode != 0 else ("@pytest.mark.%s" % marker).encode() in asked.stdout


def main(markers):
    found = {"installed": [name for name, module in PACKAGES.items() if installed(module)], "loaded": None, "unregistered": []}
    try:
        seen = configured() if "pytest" in found["installed"] else None
    except BaseException:  # whatever a project's plugins do
        seen = None
    if seen is not None:
        found["loaded"] = seen["loaded"]
        if seen["refusesMarkers"]:
            missing = [marker for marker in markers if marker not in seen["markers"]]
            found["unregistered"] = [marker for marker in missing if registered(marker) is False]
    sys.stdout.write("\n" + MARK + json.dumps(found) + "\n")
    sys.stdout.flush()
    os._exit(0)  # nothing of what was loaded has a say at the end
