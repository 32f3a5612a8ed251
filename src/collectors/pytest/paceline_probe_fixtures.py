"""The fixtures of a session: which tests use them, where they are defined, and whether tests change what they return."""

import functools
import re

from paceline_probe_files import lines_of
from paceline_probe_system import System, guarded, short
from paceline_probe_values import Unknown, digest_of

MOST_LINES = 8
LONGEST_LINE = 200
DEFINITION = re.compile(r"\s*(async\s+)?def\b")
# Of what takes less there is nothing to save, and to compare it would take too long for what it is.
COMPARED_SECONDS = 0.02
# What comparing a fixture's values may take, of the time of its set-up.
COMPARING_SHARE = 0.02
COMPARING_SECONDS = 0.005


def key_of(fixturedef):
    return fixturedef.argname, str(fixturedef.scope), fixturedef.baseid


def is_fixture(fixturedef):
    """Since pytest 8 the arguments of `parametrize` are there as fixtures, and since pytest 9 `request` is."""
    name = getattr(fixturedef.func, "__name__", "")
    return name != "get_direct_param_fixture_func" and fixturedef.argname != "request"


class Fixtures(object):
    def __init__(self, lines, project):
        self.lines = lines
        self.project = project
        self.numbers = {}  # by fixture, as lines have them
        self.lists = {}  # by the numbers in them
        self.functions = {}
        self.definitions = set()
        self.values = {}
        self.digests = {}

    # Which tests use them: each list is written once, and a test has its number.

    def uses(self, item):
        """The number of the list of fixtures that a test uses by its signature; None if unknown."""
        return self._of_function(item._fixtureinfo)[1]  # in pytest 7 to 9

    def used(self, item):
        """The number of the list with those that the test asked for while it ran; None if there were no others."""
        asked = item._request._fixture_defs  # in pytest 7 to 9
        _, number, numbers, names = self._of_function(item._fixtureinfo)
        if names.issuperset(asked):
            return None
        more = [self._number(fixturedef) for fixturedef in asked.values() if is_fixture(fixturedef)]
        return self._list(numbers.union(more))

    def _of_function(self, info):
        """Tests of one function share it, and it lives as long as they do."""
        known = self.functions.get(id(info))
        if known is None:
            numbers = frozenset(self._number(fixturedef) for fixturedef in needed(info))
            known = (info, self._list(numbers), numbers, frozenset(info.names_closure))
            self.functions[id(info)] = known
        return known

    def _number(self, fixturedef):
        key = key_of(fixturedef)
        number = self.numbers.get(key)
        if number is None:
            number = self.numbers[key] = len(self.numbers)
            self.lines.add("fixture", n=number, key=[short(part) for part in key])
        return number

    def _list(self, numbers):
        key = tuple(sorted(numbers))
        number = self.lists.get(key)
        if number is None:
            number = self.lists[key] = len(self.lists)
            self.lines.add("uses", n=number, fixtures=key)
        return number

    # Where they are defined

    @guarded
    def define(self, fixturedef):
        """Once for each, between tests: files are read."""
        key = key_of(fixturedef)
        if key in self.definitions:
            return
        self.definitions.add(key)
        code = code_of(fixturedef.func)
        path = self.project.path_of(code.co_filename)
        if path is None:
            return
        lines = first_lines(lines_of(self.project.absolute(code.co_filename)), code.co_firstlineno)
        self.lines.add("definition", key=[short(part) for part in key], file=path, line=code.co_firstlineno, lines=lines)

    # Whether tests change what they return

    @guarded
    def set_up(self, fixturedef, own):
        if own < COMPARED_SECONDS or fixturedef.cached_result is None or fixturedef.cached_result[2] is not None:
            return
        value = self.values.setdefault(key_of(fixturedef), Value())
        value.set_up += own
        if value.is_open():
            digest = value.digest(fixturedef.cached_result[0])
            if digest is not None:
                self.digests[id(fixturedef)] = digest
                value.meet(digest)

    @guarded
    def tear_down(self, fixturedef):
        """Before it: what is left of a value afterwards was not done by a test."""
        before = self.digests.pop(id(fixturedef), None)
        if before is None or fixturedef.cached_result is None:
            return
        self.values[key_of(fixturedef)].compare(before, fixturedef.cached_result[0])

    def value_of(self, key):
        value = self.values.get(key)
        return value.state if value is not None else None


class Value(object):
    """
    What is known of a fixture's values: None as long as none was compared, `same`, `changed` by a test, `differs` from one
    set-up to the next, or `unknown`.
    """

    def __init__(self):
        self.state = None
        self.first = None
        self.set_up = 0.0
        self.spent = 0.0

    def is_open(self):
        return self.state in (None, "same")

    def digest(self, value):
        # Of the CPU: on a busy machine a clock says little about what comparing takes.
        began = System.cpu()
        try:
            return digest_of(value)
        except (Unknown, Exception):
            self.state = "unknown"
            return None
        finally:
            self.spent += System.cpu() - began
            if self.spent > COMPARING_SECONDS + COMPARING_SHARE * self.set_up and self.is_open():
                self.state = "unknown"

    def meet(self, digest):
        """Of a new set-up. Tests that each get a value of their own may rely on that."""
        if self.first is None:
            self.first = digest
        elif digest != self.first:
            self.state = "differs"

    def compare(self, before, value):
        if self.is_open():
            after = self.digest(value)
            if after is not None:
                self.state = "changed" if after != before else self.state or "same"


def needed(info):
    """The fixtures of a test and those that they need; of one that extends another of its name, both."""
    for name in info.names_closure:
        found = info.name2fixturedefs.get(name) or ()
        for fixturedef in reversed(found):
            if is_fixture(fixturedef):
                yield fixturedef
            if name not in fixturedef.argnames:
                break


def code_of(function):
    """Of the innermost function: plugins wrap those of the project."""
    for _ in range(10):
        if isinstance(function, functools.partial):
            function = function.func
        inner = getattr(function, "__dict__", {}).get("__wrapped__")
        if inner is None:
            break
        function = inner
    return getattr(function, "__func__", function).__code__


def first_lines(lines, first):
    """From the first decorator to the `def`."""
    found = []
    for line in lines[first - 1 : first - 1 + MOST_LINES]:
        found.append(line[:LONGEST_LINE])
        if DEFINITION.match(line):
            break
    return found
