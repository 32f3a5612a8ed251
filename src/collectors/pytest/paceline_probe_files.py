"""Which files are the project's, what they say, and what it takes to import and collect them."""

import os

from paceline_probe_system import OWN_FOLDER, System, guarded

LONGEST_FILE = 1 << 20
MOST_FILES = 40
LIBRARIES = (os.path.dirname(os.path.abspath(os.__file__)) + os.sep, OWN_FOLDER + os.sep)
INSTALLED = ("%ssite-packages%s" % (os.sep, os.sep), "%sdist-packages%s" % (os.sep, os.sep))
OF_PYTEST = "%s_pytest%s" % (os.sep, os.sep)
# What runs tests is called by nothing of the project that would be worth naming.
END = object()


class Project(object):
    """The files that are neither Python's nor installed, by their paths as node ids have them."""

    def __init__(self, root):
        self.root = str(root)
        self.known = {}

    def path_of(self, file):
        found = self.look_up(file)
        return None if found is END else found

    def look_up(self, file):
        """A path; None for what is not the project's; END for pytest itself."""
        if file not in self.known:
            self.known[file] = self._look_up(file)
        return self.known[file]

    def _look_up(self, file):
        if file.startswith("<"):
            return None
        if OF_PYTEST in file:
            return END
        path = self.absolute(file)
        if path.startswith(LIBRARIES) or any(part in path for part in INSTALLED):
            return None
        return os.path.relpath(path, self.root).replace(os.sep, "/")

    def absolute(self, file):
        return os.path.join(self.root, file)

    def calling_line(self, frame):
        """(path, line, file) of the nearest call from the project's own code; None where pytest comes first."""
        for _ in range(100):
            if frame is None:
                return None
            path = self.look_up(frame.f_code.co_filename)
            if path is END:
                return None
            if path is not None:
                return path, frame.f_lineno, self.absolute(frame.f_code.co_filename)
            frame = frame.f_back
        return None


def lines_of(file):
    """Of a text file, up to a megabyte; none where it cannot be read. By the real calls, whatever a suite replaces."""
    try:
        descriptor = System.open(file, os.O_RDONLY)
    except Exception:
        return []
    try:
        parts = []
        while sum(map(len, parts)) < LONGEST_FILE:
            part = System.read(descriptor, 1 << 16)
            if not part:
                break
            parts.append(part)
    finally:
        System.close(descriptor)
    return b"".join(parts).decode("utf-8", "replace").splitlines()


class CollectedFiles(object):
    """Seconds by file: of conftests their import, of test files their import and their collection."""

    def __init__(self, config):
        self.root = str(getattr(config, "rootpath", None) or os.getcwd())
        self.seconds = {}
        self.within = []  # of the collectors and imports that are open, the time of those inside of them

    def watch_imports(self, manager):
        """By pytest's own function for it: no hook is called before a conftest."""
        real = manager._importconftest  # in pytest 7 to 9

        def timed(path, *args, **kwargs):
            __tracebackhide__ = True
            self.begin()
            began = System.now()
            try:
                return real(path, *args, **kwargs)
            finally:
                self.end(path, began)

        manager._importconftest = timed

    @guarded
    def begin(self):
        self.within.append(0.0)

    @guarded
    def end(self, path, began):
        seconds = System.now() - began
        own = max(0.0, seconds - self.within.pop())
        if self.within:
            self.within[-1] += seconds
        if path is not None:
            path = os.path.relpath(str(path), self.root).replace(os.sep, "/")
            self.seconds[path] = self.seconds.get(path, 0.0) + own

    def rows(self, items):
        """The costliest files with the number of tests that each gave."""
        tests = {}
        for item in items:
            path = item.nodeid.partition("::")[0]
            tests[path] = tests.get(path, 0) + 1
        dearest = sorted(self.seconds.items(), key=lambda entry: -entry[1])[:MOST_FILES]
        return [[path[:300], round(seconds, 6), tests.get(path, 0)] for path, seconds in dearest]


def path_of_collector(collector):
    """None for folders: what they find costs, but no file does."""
    path = getattr(collector, "path", None)
    if path is None or os.path.isdir(str(path)):
        return None
    return path
