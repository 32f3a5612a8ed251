"""What the parts of the probe share: the real clock and files, its own folders, and hooks that cannot fail."""

import json
import os
import sys
import time

try:
    import mmap
except ImportError:
    mmap = None
try:
    import resource
except ImportError:
    resource = None
try:
    from _thread import get_ident
except ImportError:
    get_ident = None

OWN_NAME = "paceline_probe"
OWN_FOLDER = os.path.dirname(os.path.abspath(__file__))
OWN_FOLDERS = (OWN_FOLDER, os.path.join(os.path.dirname(OWN_FOLDER), "start"))
# A longer one is cut; its length and its end keep it distinct. Reports do not show more of it.
LONGEST_ID = 1000


class System(object):
    """The real clock and files. As attributes of a class they stay real where tests replace those of modules."""

    open = staticmethod(os.open)
    read = staticmethod(os.read)
    write = staticmethod(os.write)
    close = staticmethod(os.close)
    pid = staticmethod(os.getpid)
    dumps = staticmethod(json.dumps)
    wall = staticmethod(time.time)
    quoted = staticmethod(json.encoder.encode_basestring_ascii)
    truncate = staticmethod(getattr(os, "truncate", None))
    allocate = staticmethod(getattr(os, "posix_fallocate", None))
    mmap = getattr(mmap, "mmap", None)
    thread = staticmethod(get_ident)
    frame = staticmethod(sys._getframe)

    @staticmethod
    def now(
        clock=getattr(time, "clock_gettime", lambda _: time.monotonic()), which=getattr(time, "CLOCK_MONOTONIC", None)
    ):
        return clock(which)

    @staticmethod
    def cpu(
        usage=getattr(resource, "getrusage", None),
        own=getattr(resource, "RUSAGE_SELF", None),
        children=getattr(resource, "RUSAGE_CHILDREN", None),
    ):
        """CPU seconds of this process and of the children that it waited for, to the microsecond."""
        here, there = usage(own), usage(children)
        return here[0] + here[1] + there[0] + there[1]


def cpu_seconds():
    """None where that cannot be told."""
    try:
        return System.cpu()
    except Exception:
        return None


def guarded(hook):
    """A hook that cannot fail. Only for hooks that are not generators."""

    def safe(*args):
        try:
            return hook(*args)
        except Exception:
            return None

    return safe


def short(text):
    if len(text) <= LONGEST_ID:
        return text
    return "%s...%s (%d)" % (text[: LONGEST_ID - 250], text[-200:], len(text))


def leave_no_trace():
    """Processes that the tests start see the environment that the project set. Returns the variables that named the probe."""
    named = []
    for name, own, separator in (("PYTHONPATH", OWN_FOLDERS, os.pathsep), ("PYTEST_PLUGINS", (OWN_NAME,), ",")):
        value = os.environ.get(name)
        if value is None or not any(part in own for part in value.split(separator)):
            continue
        named.append(name)
        rest = [part for part in value.split(separator) if part not in own]
        if rest:
            os.environ[name] = separator.join(rest)
        else:
            del os.environ[name]
    return named
