"""Loads the parts of Paceline's probe, and gives pytest their hooks.

The parts are compiled under names in angle brackets. Coverage does not measure such code: otherwise a project that
measures all that is imported (`--cov` without a value) would find the probe in its report, and in its limit.
"""

import io
import os
import sys
import types

OWN_FOLDER = os.path.dirname(os.path.abspath(__file__))


def load(part):
    name = "paceline_probe_" + part
    module = types.ModuleType(name)
    module.__file__ = os.path.join(OWN_FOLDER, name + ".py")
    with io.open(module.__file__, encoding="utf-8") as file:
        text = file.read()
    # The parts import each other by their names.
    sys.modules[name] = module
    exec(compile(text, "<%s>" % name, "exec", dont_inherit=True), module.__dict__)
    return module


if sys.version_info >= (3, 7):
    try:
        PARTS = [load(part) for part in ("system", "files", "waits", "values", "fixtures", "coverage", "session")]
        globals().update((name, hook) for name, hook in vars(PARTS[-1]).items() if name.startswith("pytest_"))
    except Exception:
        # Without its hooks, the suite runs as if there were no probe.
        pass
else:
    # Its variables are taken out of the environment all the same.
    load("system").leave_no_trace()
