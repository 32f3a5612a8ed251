/** Lines as the probe writes them, for tests of what reads them. */
export type Line = Readonly<Record<string, unknown>>;

export function textOf(lines: readonly Line[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** A process that began 1 s before `at`, in a container that began 2 s before it. */
export function startLine(at: number, change: Line = {}): Line {
  return { k: 'start', at, since: at, age: 2, own: 1, pid: 1, parent: 0, worker: null, ...change };
}

export function sessionLine(at: number, change: Line = {}): Line {
  return { k: 'session', at, python: '3.11.7', pytest: '9.2.0', workers: 0, dist: 'no', coverage: false, ...change };
}

export function testLines(n: number, id: string, from: number, to: number, change: Line = {}): Line[] {
  const { marks = [], l = null, ...done } = change;
  return [
    { k: 'test', n, id, at: from, marks, l },
    { k: 'done', n, at: to, o: 'passed', s: 0, c: to - from, d: 0, ...done },
  ];
}

export function counts(passed: number, failed = 0, skipped = 0, errors = 0) {
  return { passed, failed, skipped, errors };
}
