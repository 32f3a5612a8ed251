"""Tells Paceline where the time of a pytest run goes, as JSON lines in files that only Paceline reads.

It watches and changes nothing: it prints nothing, adds no option, and every hook is guarded, so that whatever goes
wrong in here stays in here. pytest 7 to 9, with and without xdist and pytest-cov; standard library alone. The syntax
stays readable for much older Pythons, where it only has to do nothing.

One file a process, <its id>.jsonl, one JSON object a line; times are seconds of CLOCK_MONOTONIC, which all processes of
a machine share. What a line holds is written down where it is read: probe-records.ts.

PYTEST_DONT_REWRITE: there is no assertion in here.
"""

import os
import sys
import time

import pytest

from paceline_probe_coverage import coverage_settings
from paceline_probe_files import CollectedFiles, Project, path_of_collector
from paceline_probe_fixtures import Fixtures, is_fixture, key_of
from paceline_probe_system import (
    OWN_FOLDER,
    OWN_NAME,
    System,
    cpu_seconds,
    guarded,
    leave_no_trace,
    mmap,
    short,
)
from paceline_probe_waits import Waits

TEST_REPORT = getattr(pytest, "TestReport", None)  # public since pytest 7
SNAPSHOT_SECONDS = 10
# Bytes of the file that are mapped at a time: some 300 tests, then some 5,000.
FIRST_MAP = 1 << 16
NEXT_MAP = 1 << 20
# What pytest itself or a plugin reads; what is left is the suite's own way to sort its tests.
BUILT_IN_MARKS = frozenset(
    "parametrize usefixtures filterwarnings skip skipif xfail tryfirst trylast xdist_group".split()
)


LOADED_AT = System.now() if sys.version_info >= (3, 7) else 0


def stat_of(process):
    """(parent's id, start in clock ticks after boot) of a process; None where /proc does not tell."""
    try:
        with open("/proc/%s/stat" % process) as file:
            # The second field is a name in brackets and may hold anything.
            fields = file.read().rpartition(")")[2].split()
        return int(fields[1]), int(fields[19])
    except Exception:
        return None


def uptime():
    """Seconds since the machine began, as the kernel writes them down: by no clock that a suite can replace. None where /proc does not tell."""
    try:
        descriptor = System.open("/proc/uptime", os.O_RDONLY)
        try:
            return float(System.read(descriptor, 64).split()[0])
        finally:
            System.close(descriptor)
    except Exception:
        return None


def age_of(process):
    """Seconds since a process began; None where that cannot be told."""
    stat = stat_of(process)
    try:
        up = uptime()
        now = time.clock_gettime(time.CLOCK_BOOTTIME) if up is None else up
        return now - stat[1] / float(os.sysconf("SC_CLK_TCK"))
    except Exception:
        return None


def ancestors():
    found = []
    parent = os.getppid()
    while parent > 0 and len(found) < 12:
        found.append(parent)
        stat = stat_of(parent)
        parent = stat[0] if stat else 0
    return found


def file_of(process):
    return os.path.join(os.path.dirname(OWN_FOLDER), "%d.jsonl" % process)


class Lines(object):
    """
    Appends to this process's file. Through memory that is mapped onto it: what is put there survives the process like
    a write, costs no system call, and needs no descriptor, for a suite may close every one that it finds. Where that
    cannot be had, by a write each time. What a killed process leaves of the last mapping unused are zeros.
    """

    def __init__(self):
        self.pid = System.pid()
        self.path = file_of(self.pid)
        self.maps = []  # All of them to the end: each closes a number that may by then be another file's.
        self.map = None
        self.used = 0  # of the mapping
        # Of the file, up to what is used: a second session in this process continues with it.
        self.size = os.path.getsize(self.path) if os.path.exists(self.path) else 0
        self.mappable = None not in (System.allocate, System.truncate, System.mmap)

    def add(self, kind, **fields):
        """One line. A fork of this process inherits the file, and it is not its to write."""
        fields["k"] = kind
        self.put(System.dumps(fields))

    def put(self, line):
        """A line that is JSON already."""
        if System.pid() != self.pid:
            return
        data = (line + "\n").encode("ascii", "replace")
        end = self.used + len(data)
        if self.map is None or end > len(self.map):
            if not self._mapped(len(data)):
                self._write(data)
                return
            end = self.used + len(data)
        self.map[self.used : end] = data
        self.used = end

    def close(self):
        """Cuts the file to what is used; whatever comes later is written."""
        if self.map is not None and System.pid() == self.pid:
            self.size += self.used
            self.map = None
            System.truncate(self.path, self.size)
        self.mappable = False

    def _mapped(self, least):
        """Maps the file's next part, its blocks allocated: a full disk must not show as a signal on the first touch."""
        if not self.mappable:
            return False
        self.mappable = False
        if self.map is not None:
            self.size += self.used
        self.map = None
        try:
            # Mappings begin at a multiple of the granularity.
            begin = self.size - self.size % mmap.ALLOCATIONGRANULARITY
            length = (FIRST_MAP if not self.maps else NEXT_MAP) + least
            descriptor = System.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
            try:
                System.allocate(descriptor, begin, length)
                self.map = System.mmap(descriptor, length, offset=begin)
            finally:
                System.close(descriptor)
        except Exception:
            self._cut()
            return False
        self.maps.append(self.map)
        self.used, self.size = self.size - begin, begin
        self.mappable = True
        return True

    def _cut(self):
        try:
            System.truncate(self.path, self.size)
        except Exception:
            pass

    def _write(self, data):
        descriptor = System.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            System.write(descriptor, data)
        finally:
            System.close(descriptor)


class Probe(object):
    """The hooks of one pytest session in one process."""

    def __init__(self, config, lines, early):
        self.config = config
        self.lines = lines
        self.files = early.files
        self.waits = early.waits
        self.of_fixtures = Fixtures(lines, early.project)
        self.is_worker = hasattr(config, "workerinput")
        self.number = 0
        # [outcome, seconds of set-up, call, tear-down, CPU seconds before it, its fixtures] of the test that runs
        self.current = None
        self.parent = None
        self.parent_marks = set()
        self.fixtures = {}
        self.fixture_stack = []
        self.torn_down = False
        self.snapshot_at = 0
        self.outcomes = {}
        self.counts = {"passed": 0, "failed": 0, "skipped": 0, "errors": 0}
        self.reported = 0  # tests whose last report has come
        self.broken_off = 0  # tests that pytest.exit() or the like ended from inside
        self.timeout = None  # (seconds, method) of the last test for which pytest-timeout set one
        self.timed = False
        self.deselected = 0
        self.collect_from = None

    # The session

    def begin(self, lineage):
        worker = getattr(self.config, "workerinput", None)
        self.lines.add(
            "start",
            at=LOADED_AT,
            wall=System.wall(),
            pid=self.lines.pid,
            parent=lineage[0] if lineage else 0,
            worker=worker["workerid"] if worker else None,
            # How long before `since` the first process of the container and this one began.
            age=age_of(1),
            own=age_of("self"),
            since=System.now(),
            up=uptime(),
        )

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_sessionstart(self, session):
        self._session(session)
        yield
        self._workers_begun()

    @guarded
    def _session(self, session):
        controller = self.config.pluginmanager.hasplugin("dsession")
        self.lines.add(
            "session", at=System.now(), cpu=cpu_seconds(), controller=controller, **configuration(self.config)
        )
        if controller and NAMED_IN_ENVIRONMENT:
            # Within this hook xdist starts its workers, which find the probe by the environment alone.
            os.environ["PYTEST_PLUGINS"] = ",".join(filter(None, [os.environ.get("PYTEST_PLUGINS"), OWN_NAME]))

    @guarded
    def _workers_begun(self):
        leave_no_trace()

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_collection(self, session):
        self.collect_from = System.now()
        yield
        self._collected(session)

    @guarded
    def _collected(self, session):
        items = getattr(session, "items", None) or []
        self.lines.add(
            "collected", **{"from": self.collect_from, "to": System.now(), "n": len(items), "deselected": self.deselected}
        )
        self.lines.add("files", rows=self.files.rows(items))

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_make_collect_report(self, collector):
        self.files.begin()
        began = System.now()
        yield
        self.files.end(path_of_collector(collector), began)

    def pytest_deselected(self, items):
        self._deselected(items)

    @guarded
    def _deselected(self, items):
        self.deselected += len(items)

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtestloop(self, session):
        self._loop_begins(session)
        yield
        self._loop_ends(session)

    @guarded
    def _loop_begins(self, session):
        # A plugin may leave tests out until here.
        self.lines.add("loop", at=System.now(), n=len(getattr(session, "items", None) or []))
        self._time_coverage()
        self._coverage_settings()
        self.waits.watch()

    @guarded
    def _coverage_settings(self):
        settings = coverage_settings(self.config)
        if settings is not None:
            self.lines.add("coverageSettings", **settings)

    @guarded
    def _loop_ends(self, session):
        if self.current is not None:
            self.broken_off = 1
            self._test_ends(System.now())  # broken off from inside, as by pytest.exit()
        self.lines.add("looped", at=System.now(), up=uptime(), **self._progress(session))

    def _progress(self, session):
        """How many tests came to their end, and why pytest itself wanted to stop before the last."""
        # The controller of workers hears the reports alone; a plugin that runs tests its own way may make none that count.
        ended = max(self.reported, self.number - self.broken_off - (self.current is not None))
        stop = getattr(session, "shouldfail", None) or getattr(session, "shouldstop", None)
        return {"counts": self.counts, "ended": ended, "stop": text(stop) if stop else None}

    def pytest_keyboard_interrupt(self, excinfo):
        self._interrupted(excinfo)

    @guarded
    def _interrupted(self, excinfo):
        value = excinfo.value
        called = isinstance(value, pytest.exit.Exception)
        said = value.msg if called else value
        self.lines.add("interrupted", exit=called, said=text(said))

    def pytest_internalerror(self, excrepr, excinfo):
        self._internal_error(excinfo)

    @guarded
    def _internal_error(self, excinfo):
        # A worker's error reaches its controller as the text of a failed assertion.
        said = str(excinfo.value).partition("\nassert ")[0]
        self.lines.add("internalError", type=type(excinfo.value).__name__, said=last_line(said))

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node, error):
        if error is not None:
            self._worker_down(node, error)

    @guarded
    def _worker_down(self, node, error):
        """Of xdist's controller: a worker's process ended, or what it was to run raised an error, told as a traceback."""
        cause = str(error).partition("\nThe above exception was the direct cause")[0]
        self.lines.add(
            "workerDown", at=System.now(), worker=node.gateway.id, said=last_line(error), cause=last_line(cause)
        )

    @pytest.hookimpl(optionalhook=True, tryfirst=True)
    def pytest_timeout_set_timer(self, item, settings):
        """Of pytest-timeout, for each test that has one; written where it is another than that of the test before."""
        self._has_timeout(settings)

    @guarded
    def _has_timeout(self, settings):
        self.timed = True
        timeout = (settings.timeout, settings.method)
        if timeout != self.timeout:
            self.timeout = timeout
            self.lines.add("timeout", seconds=timeout[0], method=timeout[1])

    def _time_coverage(self):
        """pytest-cov makes all its reports in its controller's `summary`, which no hook of the probe could time."""
        controller = getattr(self.config.pluginmanager.getplugin("_cov"), "cov_controller", None)
        summary = getattr(controller, "summary", None)  # in pytest-cov 2 to 7
        if summary is None or hasattr(self.config, "workerinput"):
            return

        def timed(*args, **kwargs):
            began = System.now()
            try:
                return summary(*args, **kwargs)
            finally:
                self._reported(began)

        controller.summary = timed

    @guarded
    def _reported(self, began):
        self.lines.add("coverage", **{"from": began, "to": System.now()})

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session, exitstatus):
        self._finish(session, exitstatus)
        yield
        self._after_finish()

    @guarded
    def _finish(self, session, exitstatus):
        self._snapshot()
        self.lines.add(
            "finish",
            at=System.now(),
            cpu=cpu_seconds(),
            up=uptime(),
            exit=int(exitstatus),
            **self._progress(session)
        )

    @guarded
    def _after_finish(self):
        # A session that was broken off tears its fixtures down only now.
        if self.torn_down:
            self._snapshot()

    def end(self):
        self.waits.end()
        self.lines.add("end", at=System.now(), cpu=cpu_seconds(), up=uptime(), counts=self.counts)
        self.lines.close()

    # Each test, in the process that runs it

    # Plain hooks and lines made by hand: these run for each test, and a test may take no more than a millisecond.

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item):
        try:
            now = System.now()
            if self.current is not None:
                self._test_ends(now)
            self.number += 1
            self.current = current = [None, 0.0, 0.0, 0.0, 0.0, None]
            node_id = short(node_id_of(item))
            # At once: the last test that began is known whatever happens.
            self.lines.put(
                '{"k":"test","n":%d,"id":%s,"at":%.6f,"marks":%s,"l":%s}'
                % (self.number, System.quoted(node_id), now, self._marks(item), line_of(item))
            )
            self.waits.begin_test(node_id, self.number)
            current[4] = System.cpu()
            current[5] = self.of_fixtures.uses(item)
        except Exception:
            pass

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_teardown(self, item):
        """By now the test has asked for all fixtures that it uses, those of `getfixturevalue` too."""
        try:
            if self.current is not None:
                used = self.of_fixtures.used(item)
                self.current[5] = self.current[5] if used is None else used
        except Exception:
            pass

    def _marks(self, item):
        parent = item.parent
        if parent is not self.parent:
            self.parent = parent
            self.parent_marks = {mark.name for mark in parent.iter_markers()} if parent is not None else set()
        names = self.parent_marks.union([mark.name for mark in item.own_markers]) - BUILT_IN_MARKS
        return System.dumps(sorted(names)[:8]) if names else "[]"

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logfinish(self):
        # xdist's controller hears of tests that others run.
        if self.current is None:
            return
        try:
            self._test_ends(System.now())
        except Exception:
            pass

    def _test_ends(self, now):
        (outcome, setup, call, teardown, cpu, uses), self.current = self.current, None
        self.waits.end_test()
        self.lines.put(
            '{"k":"done","at":%.6f,"n":%d,"o":%s,"s":%.6f,"c":%.6f,"d":%.6f,"u":%s,"f":%s}'
            % (
                now,
                self.number,
                '"%s"' % outcome if outcome else "null",
                setup,
                call,
                teardown,
                "%.6f" % (System.cpu() - cpu) if cpu else "null",
                "null" if uses is None else uses,
            )
        )
        if self.timeout is not None and not self.timed:
            self.timeout = None
            self.lines.add("timeout", seconds=None, method=None)
        self.timed = False
        if now - self.snapshot_at > SNAPSHOT_SECONDS:
            self._snapshot()

    def pytest_runtest_logreport(self, report):
        try:
            self._log(report)
        except Exception:
            pass

    def _log(self, report):
        if report.__class__ is not TEST_REPORT and type(report).__name__.lower() == "subtestreport":
            return  # Its test is reported as well, with the whole time.
        if self.current is not None:
            add_phase(self.current, report)
        if not self.is_worker:
            self._count(report)

    def _count(self, report):
        """Counts as JUnit does: a test that failed and then broke in its tear-down is both."""
        outcome, when = report.outcome, report.when
        if outcome == "failed":
            self._seen(report.nodeid, "failed" if when == "call" else "errors")
        elif outcome == "skipped":
            self._seen(report.nodeid, "skipped")
        elif outcome != "passed":
            return  # A rerun: the test is reported again.
        elif when == "call":
            self._seen(report.nodeid, "passed")
        if when not in ("setup", "call"):  # "teardown"; xdist reports a crashed worker's test by "???" alone
            self.reported += 1
            seen = self.outcomes.pop(report.nodeid, ())
            bad = [each for each in seen if each in ("failed", "errors")]
            for outcome in bad or ["skipped" for each in seen if each == "skipped"] or seen:
                self.counts[outcome] += 1

    def _seen(self, node_id, outcome):
        seen = self.outcomes.get(node_id, ())
        if outcome not in seen:
            self.outcomes[node_id] = seen + (outcome,)

    def pytest_collectreport(self, report):
        self._log_collection(report)

    @guarded
    def _log_collection(self, report):
        if hasattr(self.config, "workerinput"):
            return
        if report.outcome == "failed":
            self.counts["errors"] += 1
            self.lines.add("broken", id=short(report.nodeid))
        elif report.outcome == "skipped":
            self.counts["skipped"] += 1

    # Fixtures: those that one needs are set up before it, outside of its own time, unless it asks for them itself.

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_fixture_setup(self, fixturedef, request):
        began = System.now()
        self.fixture_stack.append(0.0)
        finalizers = getattr(fixturedef, "_finalizers", None)
        before = len(finalizers) if isinstance(finalizers, list) else 0
        yield
        self._fixture(fixturedef, System.now() - began)
        self._time_tear_down(fixturedef, finalizers, before)

    @guarded
    def _fixture(self, fixturedef, seconds):
        within = self.fixture_stack.pop()
        if self.fixture_stack:
            self.fixture_stack[-1] += seconds
        if not is_fixture(fixturedef):
            return
        known = self._known(fixturedef)
        own = max(0.0, seconds - within)
        known[0] += 1
        known[1] += own
        known[2] = max(known[2], own)
        self.of_fixtures.set_up(fixturedef, own)

    def _known(self, fixturedef):
        """How often it was set up, its seconds, the slowest of them, and the seconds of its tear-down."""
        known = self.fixtures.get(key_of(fixturedef))
        if known is None:
            known = self.fixtures[key_of(fixturedef)] = [0, 0.0, 0.0, 0.0, fixturedef]
        return known

    @guarded
    def _time_tear_down(self, fixturedef, finalizers, before):
        """What a fixture's own set-up has left to be done at its end; what others add is theirs."""
        if not isinstance(finalizers, list):
            return
        for at in range(before, len(finalizers)):
            finalizers[at] = self._timed(finalizers[at], fixturedef)

    def _timed(self, finalizer, fixturedef):
        def tear_down():
            __tracebackhide__ = True
            self.of_fixtures.tear_down(fixturedef)
            began = System.now()
            try:
                return finalizer()
            finally:
                self._tore_down(fixturedef, System.now() - began)

        return tear_down

    @guarded
    def _tore_down(self, fixturedef, seconds):
        self._known(fixturedef)[3] += seconds
        self.torn_down = True

    def pytest_fixture_post_finalizer(self, fixturedef):
        """Those without a tear-down of their own come here with their value all the same."""
        self.of_fixtures.tear_down(fixturedef)

    def _snapshot(self):
        """The costliest fixtures and waits so far, with the counts: what is known should the process be killed."""
        self.snapshot_at = System.now()
        self.torn_down = False
        dearest = sorted(self.fixtures.items(), key=lambda entry: -(entry[1][1] + entry[1][3]))[:40]
        rows = [
            list(key) + [known[0]] + [round(seconds, 6) for seconds in known[1:4]] + [self.of_fixtures.value_of(key)]
            for key, known in dearest
        ]
        for _, known in dearest:
            self.of_fixtures.define(known[4])
        self.lines.add("fixtures", rows=rows, counts=self.counts)
        self.lines.add("waits", **self.waits.rows())


def node_id_of(item):
    """xdist's loadgroup puts "@group" behind the names: the same test all the same."""
    node_id = item.nodeid
    if getattr(item.config.option, "dist", None) == "loadgroup" and item.get_closest_marker("xdist_group"):
        return node_id.rpartition("@")[0] or node_id
    return node_id


PHASES = {"setup": 1, "call": 2, "teardown": 3}


def add_phase(current, report):
    when, outcome = report.when, report.outcome
    phase = PHASES.get(when)
    if phase is None:
        return
    current[phase] += report.duration
    if outcome == "failed":
        current[0] = "failed" if when == "call" and current[0] != "error" else "error"
    elif outcome == "skipped":
        current[0] = "xfailed" if hasattr(report, "wasxfail") else "skipped"
    elif when == "call":
        current[0] = "xpassed" if hasattr(report, "wasxfail") else "passed"


def configuration(config):
    """What is in effect, wherever it was set."""
    option = config.option
    cov = config.pluginmanager.getplugin("_cov")
    cov_options = getattr(cov, "options", None)
    reports = getattr(cov_options, "cov_report", None) or {}
    return {
        "python": "%d.%d.%d" % sys.version_info[:3],
        "pytest": pytest.__version__,
        "workers": workers(config),
        "dist": text(getattr(option, "dist", None)),
        "coverage": cov is not None and not getattr(cov, "_disabled", False),
        "reports": sorted(str(kind) for kind in reports),
        "marks": text(getattr(option, "markexpr", None)),
        "keyword": text(getattr(option, "keyword", None)),
        "order": random_order(config),
        "strict": strict_markers(config),
        "maxfail": getattr(option, "maxfail", 0) or 0,
        "collectOnly": bool(getattr(option, "collectonly", False)),
        "dump": dump_timeout(config),
        "addopts": [text(word) for word in config.getini("addopts")][:60],
        "environment": text(os.environ.get("PYTEST_ADDOPTS")),
        "args": [text(word) for word in config.invocation_params.args][:60],
        "inifile": text(getattr(config, "inipath", None)),
        "plugins": plugins(config),
    }


def workers(config):
    """0: the tests run in pytest's own process."""
    if getattr(config.option, "dist", "no") == "no" and not getattr(config.option, "tx", None):
        return 0
    count = getattr(config.option, "numprocesses", None)
    if isinstance(count, int):
        return count
    specs = [spec.partition("*") for spec in getattr(config.option, "tx", None) or []]
    return sum(int(times) if star and times.isdigit() else 1 for times, star, _ in specs)


def random_order(config):
    option = config.option
    if config.pluginmanager.hasplugin("randomly") and getattr(option, "randomly_reorganize", False):
        return "pytest-randomly"
    if getattr(option, "random_order_bucket", None) and getattr(option, "random_order_enabled", True):
        return "pytest-random-order" if config.pluginmanager.hasplugin("random_order") else None
    return None


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


def plugins(config):
    return sorted({named(dist) for _, dist in config.pluginmanager.list_plugin_distinfo()})[:50]


def named(dist):
    """By the name of its folder, for to ask for one name reads and parses a whole METADATA: 6 ms for five plugins."""
    folder = os.path.basename(str(getattr(getattr(dist, "_dist", None), "_path", "")))
    name, dash, version = folder.rpartition("-")
    if dash and version.endswith(".dist-info"):
        version = version[: -len(".dist-info")]
        return "%s %s" % (name.replace("_", "-"), version)
    return "%s %s" % (dist.project_name, dist.version)


def dump_timeout(config):
    """Seconds after which pytest's faulthandler ends a test's process; None where it does not."""
    try:
        return float(config.getini("faulthandler_timeout")) if config.getini("faulthandler_exit_on_timeout") else None
    except Exception:
        return None  # Not an option of this pytest.


def text(value):
    return None if value is None or value == "" else str(value)[:300]


def line_of(item):
    """Of the function of a test, as JSON; null where another file holds it than the one that its id names."""
    try:
        path, line, _ = item.location
        return "%d" % (line + 1) if item.nodeid.startswith(path.replace("\\", "/") + "::") else "null"
    except Exception:
        return "null"


def last_line(value):
    lines = [line.strip() for line in str(value).splitlines()]
    return text(next((line for line in reversed(lines) if line), None))


def leave_the_header(config):
    """pytest names its plugins on the screen; this one is none of the project's."""
    known = config.pluginmanager._plugin_distinfo
    known[:] = [(plugin, dist) for plugin, dist in known if getattr(plugin, "__name__", None) != OWN_NAME]


def is_recorded(config, lineage):
    """A pytest that a test starts is part of that test. Workers are recorded where their controller is."""
    if hasattr(config, "workerinput"):
        return bool(lineage) and os.path.exists(file_of(lineage[0]))
    return not any(os.path.exists(file_of(process)) for process in lineage)


class Early(object):
    """What is watched from before the first conftest on, in the process that runs the tests and in its controller."""

    def __init__(self, config):
        self.config = config
        self.files = CollectedFiles(config)
        self.project = Project(self.files.root)
        self.waits = Waits(self.project)
        self._watch()

    @guarded
    def _watch(self):
        self.waits.watch()
        self.files.watch_imports(self.config.pluginmanager)


NAMED_IN_ENVIRONMENT = "PYTEST_PLUGINS" in leave_no_trace()
# The pytest of this process, from before its first conftest is read until it is over, and its file.
LOADING = []
EARLY = []
ACTIVE = []


def load(config):
    """That a pytest is there is written before the project's own code may end the process."""
    if ACTIVE:
        return  # A pytest within a test, in the same process.
    del LOADING[:]
    forget_early()
    lineage = ancestors()
    if "PYTEST_XDIST_WORKER" in os.environ:
        # Of a worker its controller tells.
        if lineage and os.path.exists(file_of(lineage[0])):
            EARLY.append(Early(config))
        return
    if not is_recorded(config, lineage):
        return
    EARLY.append(Early(config))
    lines = Lines()
    lines.add("loading", at=LOADED_AT, pid=lines.pid)
    LOADING.append((config, lines))


def start(config):
    leave_the_header(config)
    if ACTIVE:
        return  # A pytest within a test, in the same process.
    lineage = ancestors()
    if not is_recorded(config, lineage):
        return
    probe = Probe(config, lines_of(config) or Lines(), early_of(config))
    probe.begin(lineage)
    config.pluginmanager.register(probe, "paceline-probe")
    ACTIVE.append((config, probe))


def forget_early():
    while EARLY:
        EARLY.pop().waits.end()


def early_of(config):
    if not EARLY or EARLY[0].config is not config:
        forget_early()
        EARLY.append(Early(config))
    return EARLY[0]


def lines_of(config):
    return LOADING[0][1] if LOADING and LOADING[0][0] is config else None


def stop(config):
    if ACTIVE and ACTIVE[0][0] is config:
        ACTIVE.pop()[1].end()


def leave(config):
    """pytest came to its own end, whether there was a session or not, as with `--help`."""
    lines = lines_of(config)
    if lines is None:
        return
    del LOADING[:]
    forget_early()
    lines.add("left", at=System.now())
    lines.close()


if sys.version_info >= (3, 7):

    @pytest.hookimpl(tryfirst=True)
    def pytest_load_initial_conftests(early_config):
        try:
            load(early_config)
        except Exception:
            pass

    @pytest.hookimpl(trylast=True)
    def pytest_configure(config):
        try:
            start(config)
        except Exception:
            pass

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(config):
        try:
            stop(config)
        except Exception:
            pass

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_cmdline_main(config):
        yield
        try:
            leave(config)
        except Exception:
            pass
