"""Runs the scheduler classes of an installed pytest-xdist over tests of known lengths, and prints what each worker ran as JSON.

    python3 scripts/bench/predict/record_schedules.py > test/analysis/xdist/schedules.json

The workers are played here as xdist/remote.py has them: a test begins only when the next one is known. Nothing else takes time.
"""

import heapq
import json
import random
import sys
from types import SimpleNamespace

import xdist
from xdist.scheduler import LoadFileScheduling, LoadScheduling, LoadScopeScheduling, WorkStealingScheduling

SCHEDULERS = {
    "load": LoadScheduling,
    "loadscope": LoadScopeScheduling,
    "loadfile": LoadFileScheduling,
    "worksteal": WorkStealingScheduling,
}
SHUTDOWN = "shutdown"


class Node:
    def __init__(self, world, index):
        self.world, self.index = world, index
        self.gateway = SimpleNamespace(id="gw%d" % index)
        self.queue, self.held, self.running = [], None, None
        self.shutting_down, self.ended = False, False
        self.ran = []

    def send_runtest_some(self, tests):
        self.queue.extend(tests)
        self.go_on()

    def shutdown(self):
        if not self.shutting_down:
            self.shutting_down = True
            self.queue.append(SHUTDOWN)
            self.go_on()

    def send_steal(self, tests):
        wanted = set(tests)
        stolen = [each for each in self.queue if each in wanted]
        if len(stolen) == len(wanted):
            self.queue = [each for each in self.queue if each not in wanted]
        else:
            stolen = []
        self.world.events.append(lambda: self.world.sched.remove_pending_tests_from_node(self, stolen))

    def go_on(self):
        if self.running is not None or self.ended:
            return
        if self.held is None:
            if not self.queue:
                return
            self.held = self.queue.pop(0)
            if self.held == SHUTDOWN:
                self.ended = True
                return
        if not self.queue:
            return
        following = self.queue.pop(0)
        self.running, self.held = self.held, following
        self.ran.append(self.running)
        heapq.heappush(self.world.heap, (self.world.now + self.world.seconds[self.running], self.index))

    def complete(self):
        test, self.running = self.running, None
        self.world.events.append(
            lambda: self.world.sched.mark_test_complete(self, test, self.world.seconds[test])
        )
        if self.held == SHUTDOWN:
            self.ended = True
        else:
            self.go_on()


class World:
    def __init__(self, ids, seconds, workers, dist):
        option = SimpleNamespace(loadscopereorder=True)
        config = SimpleNamespace(
            option=option,
            getoption=lambda name: None,
            getvalue=lambda name: ["popen"] * workers if name == "tx" else None,
        )
        self.ids, self.seconds, self.now = ids, seconds, 0.0
        self.heap, self.events = [], []
        self.sched = self.make(dist, config)
        self.nodes = [Node(self, index) for index in range(workers)]

    def make(self, dist, config):
        log = type("Log", (), {"__getattr__": lambda self, _: self, "__call__": lambda self, *_: None})()
        return SCHEDULERS[dist](config, log)

    def run(self):
        for node in self.nodes:
            self.sched.add_node(node)
        for node in self.nodes:
            self.sched.add_node_collection(node, self.ids)
        self.sched.schedule()
        self.hear()
        while self.heap:
            self.now, index = heapq.heappop(self.heap)
            self.nodes[index].complete()
            self.hear()
        return [node.ran for node in self.nodes]

    def hear(self):
        while self.events:
            self.events.pop(0)()
            if self.sched.tests_finished:
                for node in self.nodes:
                    node.shutdown()


def main():
    chance = random.Random(14)
    cases = []
    for number in range(120):
        tests = chance.choice([1, 2, 3, 5, 8, 13, 21, 40, 60])
        workers = chance.choice([1, 2, 3, 4, 8])
        dist = sorted(SCHEDULERS)[number % 4]
        files = max(1, chance.randrange(1, 1 + tests))
        ids = sorted(
            "test_%02d.py%s::test_%03d" % (chance.randrange(files), chance.choice(["", "::TestA"]), test)
            for test in range(tests)
        )
        seconds = [round(chance.choice([0.01, 0.1, 1]) * (0.2 + chance.random()), 6) for _ in ids]
        ran = World(ids, seconds, workers, dist).run()
        assert sorted(test for each in ran for test in each) == list(range(tests)), (number, ran)
        cases.append({"dist": dist, "ids": ids, "seconds": seconds, "ran": ran})
    json.dump({"xdist": xdist.__version__, "cases": cases}, sys.stdout)


main()
