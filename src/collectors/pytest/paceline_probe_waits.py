"""Where tests and fixtures wait by their own choice: calls of sleep by the calling line, connections by address, and other pytests
that they start by `subprocess.run` and `subprocess.call` (and what calls these: `check_output`, `check_call`).

What stands for a function of Python calls it with what it was given and returns what it returns. Left out are

- sleeps in other threads than that of the tests: no test waits for them by that,
- `asyncio.sleep` in a module that imported it by name before any plugin or conftest had imported asyncio,
- connections of libraries written in C other than psycopg 2 and 3, and those of these two that failed,
- connections of asyncio: only the call is counted, since the waiting for it is the event loop's,
- sleeps and connections in processes that the tests start.

pytest's tracebacks hide the stand-ins. A stack that pytest-timeout or faulthandler prints has one line more.
"""

import functools
import os
import sys
import time

from paceline_probe_files import lines_of
from paceline_probe_system import System, guarded

MOST_LINES = 500
MOST_ADDRESSES = 500
MOST_NAMES = 500
MOST_OPENERS = 20  # of one address
SHOWN = 40
LONGEST_SOURCE = 160
SHOWN_TESTS = 3
STREAM = 1


class Waits(object):
    """Of one process."""

    def __init__(self, project):
        self.project = project
        self.test = None  # that runs, and its number
        self.number = 0
        self.thread = None
        self.sleeps = {}  # by path and line: calls, seconds, tests, file
        self.pytests = {}  # as sleeps
        self.connections = {}  # by host and port: calls, seconds, tests, the last of them, calls by the calling line
        self.names = {}  # hosts by the addresses that they were found to have
        self.modules = 0
        self.replaced = []

    # What is watched

    def begin_test(self, test, number):
        self.test, self.number, self.thread = test, number, System.thread()
        if len(sys.modules) != self.modules:
            self.watch()

    def end_test(self):
        self.test = None

    @guarded
    def watch(self):
        """What was imported by now. Nothing is imported for it."""
        self.modules = len(sys.modules)
        self._watch(time, "sleep", lambda real: Sleep(real, self))
        for name in ("asyncio", "asyncio.tasks"):
            self._watch(sys.modules.get(name), "sleep", lambda real: asyncio_sleep(real, self))
        socket = sys.modules.get("socket")
        self._watch(socket, "getaddrinfo", lambda real: getaddrinfo(real, self))
        for name in ("connect", "connect_ex"):
            self._watch(getattr(socket, "socket", None), name, lambda real: connect(real, self))
        for name in ("run", "call"):
            self._watch(sys.modules.get("subprocess"), name, lambda real: starter(real, self))
        for name in ("psycopg2", "psycopg"):
            self._watch(sys.modules.get(name), "connect", lambda real: connect_by_libpq(real, self))

    def _watch(self, owner, name, stand_in_for):
        """Once: what the suite puts there later is its own."""
        real = getattr(owner, name, None)
        if real is None or any(each[:2] == (owner, name) for each in self.replaced):
            return
        known = [stand_in for _, _, original, stand_in, _ in self.replaced if original is real]
        stand_in = known[0] if known else stand_in_for(real)
        self.replaced.append((owner, name, real, stand_in, name in vars(owner)))
        setattr(owner, name, stand_in)

    @guarded
    def end(self):
        """Puts back what is still in its place."""
        for owner, name, real, stand_in, was_own in self.replaced:
            if vars(owner).get(name) is not stand_in:
                continue
            if was_own:
                setattr(owner, name, real)
            else:
                delattr(owner, name)
        self.replaced = []

    # What was seen

    @guarded
    def line_of(self, frame):
        return self.project.calling_line(frame)

    @guarded
    def slept(self, began, call):
        """`call` is what `line_of` returned."""
        self.waited(self.sleeps, System.now() - began, call)

    @guarded
    def started_pytest(self, began, call):
        self.waited(self.pytests, System.now() - began, call)

    def waited(self, lines, seconds, call):
        if call is None:
            return
        path, line, file = call
        known = lines.get((path, line))
        if known is None:
            if len(lines) >= MOST_LINES:
                return
            known = lines[path, line] = [0, 0.0, [], file]
        known[0] += 1
        known[1] += seconds
        tests = known[2]
        if len(tests) < SHOWN_TESTS and self.test not in tests:
            tests.append(self.test)

    @guarded
    def connected(self, began, host, port, call):
        """`call` is what `line_of` returned."""
        seconds = System.now() - began
        key = (self.names.get(host, host), int(port))
        known = self.connections.get(key)
        if known is None:
            if len(self.connections) >= MOST_ADDRESSES:
                return
            known = self.connections[key] = [0, 0.0, 0, None, {}]
        known[0] += 1
        known[1] += seconds
        if known[3] != self.number:
            known[2] += 1
            known[3] = self.number
        openers = known[4]
        if call is not None and (call[:2] in openers or len(openers) < MOST_OPENERS):
            openers[call[:2]] = openers.get(call[:2], 0) + 1

    @guarded
    def resolved(self, host, found):
        if isinstance(host, bytes):
            host = host.decode("ascii")
        for entry in found:
            address = entry[4][0]
            if isinstance(host, str) and host != address and len(self.names) < MOST_NAMES:
                self.names[address] = host

    def rows(self):
        """The costliest lines, and the most used addresses."""
        sleeps, pytests = rows_of(self.sleeps), rows_of(self.pytests)
        addresses = sorted(self.connections.items(), key=lambda entry: -entry[1][0])[:SHOWN]
        connections = [
            [str(host)[:300], port, calls, round(seconds, 6), tests, *opener_in(openers)]
            for (host, port), (calls, seconds, tests, _, openers) in addresses
        ]
        return {"sleeps": sleeps, "pytests": pytests, "connections": connections}


def rows_of(lines):
    costliest = sorted(lines.items(), key=lambda entry: -entry[1][1])[:SHOWN]
    return [
        [path[:300], line, source_of(file, line), calls, round(seconds, 6), tests]
        for (path, line), (calls, seconds, tests, file) in costliest
    ]


def opener_in(openers):
    """The line that opened most of them; none where no line of the project was on the stack."""
    if not openers:
        return []
    path, line = max(openers, key=openers.get)
    return [path[:300], line]


@functools.lru_cache(maxsize=200)
def source_of(file, line):
    lines = lines_of(file)
    return lines[line - 1].strip()[:LONGEST_SOURCE] if 0 < line <= len(lines) else None


class Sleep(object):
    """
    Stands for time.sleep. Not a function, since that would be bound as an attribute of a class, which the real one is
    not; copied and pickled as the real one is, by its name.
    """

    __module__ = "time"

    def __init__(self, real, waits):
        self.__name__ = self.__qualname__ = "sleep"
        self.__doc__ = real.__doc__
        self.__self__ = getattr(real, "__self__", None)
        self.__wrapped_sleep = real
        self.__waits = waits

    def __call__(self, *args, **kwargs):
        __tracebackhide__ = True
        waits = self.__waits
        if waits.test is None or System.thread() != waits.thread:
            return self.__wrapped_sleep(*args, **kwargs)
        began = System.now()
        try:
            return self.__wrapped_sleep(*args, **kwargs)
        finally:
            waits.slept(began, waits.line_of(System.frame(1)))

    def __repr__(self):
        return repr(self.__wrapped_sleep)

    def __reduce__(self):
        return "sleep"


def asyncio_sleep(real, waits):
    """Sleeps of several tasks overlap: their seconds may be more than the test's."""

    @functools.wraps(real)
    async def sleep(*args, **kwargs):
        __tracebackhide__ = True
        if waits.test is None or System.thread() != waits.thread:
            return await real(*args, **kwargs)
        # Who waits for it is known only now, and a frame that is kept would keep alive what it holds.
        began, call = System.now(), waits.line_of(System.frame(1))
        try:
            return await real(*args, **kwargs)
        finally:
            waits.slept(began, call)

    return sleep


def getaddrinfo(real, waits):
    @functools.wraps(real)
    def getaddrinfo(*args, **kwargs):
        __tracebackhide__ = True
        found = real(*args, **kwargs)
        if waits.test is not None:
            waits.resolved(args[0] if args else kwargs.get("host"), found)
        return found

    return getaddrinfo


def connect(real, waits):
    """Of socket.socket: its `connect` and `connect_ex`."""

    @functools.wraps(real)
    def connect(self, *args, **kwargs):
        __tracebackhide__ = True
        if waits.test is None:
            return real(self, *args, **kwargs)
        began = System.now()
        try:
            return real(self, *args, **kwargs)
        finally:
            connected(waits, began, self, args)

    return connect


@guarded
def connected(waits, began, socket, args):
    """Addresses of other families are paths, and only a stream opens a connection."""
    address = args[0]
    if isinstance(address, tuple) and socket.type & 0xF == STREAM:
        waits.connected(began, address[0], address[1], waits.line_of(System.frame(1)))


def connect_by_libpq(real, waits):
    """Of psycopg 2 and 3, whose sockets Python does not see."""

    @functools.wraps(real)
    def connect(*args, **kwargs):
        __tracebackhide__ = True
        began = System.now()
        connection = real(*args, **kwargs)
        if waits.test is not None:
            connected_by_libpq(waits, began, connection)
        return connection

    return connect


@guarded
def connected_by_libpq(waits, began, connection):
    host, port = connection.info.host, connection.info.port
    if host and not host.startswith(("/", "@")):
        waits.connected(began, host, port, waits.line_of(System.frame(1)))


def starter(real, waits):
    """Of subprocess: `run` and `call`. What they start is looked at only where it is pytest."""

    @functools.wraps(real)
    def start(*args, **kwargs):
        __tracebackhide__ = True
        if waits.test is None or System.thread() != waits.thread or not is_pytest(args, kwargs):
            return real(*args, **kwargs)
        began = System.now()
        try:
            return real(*args, **kwargs)
        finally:
            waits.started_pytest(began, waits.line_of(System.frame(1)))

    return start


def is_pytest(args, kwargs):
    """`pytest …`, a path to it, or `python -m pytest …`, as a list of words or as one text."""
    try:
        command = args[0] if args else kwargs.get("args")
        if not isinstance(command, (list, tuple)):
            command = os.fsdecode(command).split()
        words = [os.fsdecode(word) for word in list(command)[:20]]
        names = [os.path.basename(word) for word in words]
        if names[:1] and names[0] in PYTESTS:
            return True
        return any(names[at] == "-m" and names[at + 1] in PYTESTS for at in range(len(names) - 1))
    except Exception:
        return False


PYTESTS = ("pytest", "py.test")
