"""Records a pytest run for bench:predict, as the columns of Paceline's table of tests: JSON lines, a file for each process.

A plugin for PYTEST_PLUGINS; PREDICT_OUT names the folder. Times are wall seconds, which all processes share.
"""

import json
import os
import resource
import time

import pytest

OUT = os.environ.get("PREDICT_OUT")


def cpu():
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


class Recorder:
    def __init__(self, config):
        self.worker = getattr(config, "workerinput", {}).get("workerid", "main")
        self.lines = open(os.path.join(OUT, "%s.jsonl" % self.worker), "w")
        self.current = None
        self.stack = []
        self.costs = {}

    def add(self, kind, **fields):
        self.lines.write(json.dumps(dict(fields, k=kind)) + "\n")

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self, session):
        option = session.config.option
        self.add("session", at=time.time(), workers=getattr(option, "numprocesses", None) or 0, dist=getattr(option, "dist", "no"))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session):
        self.add("ready", at=time.time())

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item):
        self.current = {"id": item.nodeid, "at": time.time(), "cpu": cpu(), "uses": self.used(item)}

    def used(self, item):
        info = getattr(item, "_fixtureinfo", None)
        found = []
        for name, definitions in (info.name2fixturedefs.items() if info else ()):
            if definitions:
                last = definitions[-1]
                found.append("%s|%s|%s" % (last.argname, last.scope, last.baseid))
        return found

    def pytest_runtest_logreport(self, report):
        if self.current is not None and report.when in ("setup", "call", "teardown"):
            self.current[report.when] = self.current.get(report.when, 0) + report.duration

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logfinish(self):
        if self.current is None:
            return
        test, self.current = self.current, None
        test.update(to=time.time(), cpu=cpu() - test["cpu"])
        self.add("test", **test)

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_fixture_setup(self, fixturedef, request):
        began = time.time()
        self.stack.append(0.0)
        finalizers = getattr(fixturedef, "_finalizers", None)
        before = len(finalizers) if isinstance(finalizers, list) else 0
        yield
        seconds = time.time() - began
        own = max(0.0, seconds - self.stack.pop())
        if self.stack:
            self.stack[-1] += seconds
        cost = self.costs.setdefault("%s|%s|%s" % (fixturedef.argname, fixturedef.scope, fixturedef.baseid), [0, 0.0, 0.0])
        cost[0] += 1
        cost[1] += own
        # What its own set-up left to be done; what others add is theirs.
        for at in range(before, len(finalizers) if isinstance(finalizers, list) else 0):
            finalizers[at] = timed(finalizers[at], cost)

    def pytest_unconfigure(self):
        self.add("end", at=time.time(), fixtures=self.costs)
        self.lines.close()


def timed(finalizer, cost):
    def tear_down():
        began = time.time()
        try:
            return finalizer()
        finally:
            cost[2] += time.time() - began

    return tear_down


def pytest_configure(config):
    # A pytest that a test starts is a part of that test.
    if OUT and not config.pluginmanager.hasplugin("recorder"):
        name = getattr(config, "workerinput", {}).get("workerid", "main")
        if not os.path.exists(os.path.join(OUT, "%s.jsonl" % name)):
            config.pluginmanager.register(Recorder(config), "recorder")
