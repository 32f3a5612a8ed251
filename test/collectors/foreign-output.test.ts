/** Whatever the kernel, a container or git prints: figures are finite or null, nothing is thrown, and nothing hangs. */
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { type CgroupPlace, placeOfProcess, readCgroup } from '../../src/collectors/cgroup/reading.ts';
import { cpuFileOf, cpuTimeNs } from '../../src/collectors/cgroup/cgroup-cpu.ts';
import { createConcatenatedJson } from '../../src/collectors/build/concatenated-json.ts';
import { cpuTimes } from '../../src/collectors/noise/cpu-times.ts';
import { summarize } from '../../src/collectors/resources/resource-samples.ts';
import { parseSamples } from '../../src/collectors/resources/sampling.ts';
import { gitFacts } from '../../src/data/git/worktree-facts.ts';
import { withoutSecrets } from '../../src/data/git/git-command.ts';
import { anyText, cutText } from '../support/damaged.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const FILES = [
  'usage_usec 12\nnr_throttled 0\nthrottled_usec 3\nthrottled_time 4\n',
  '8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6\n8:0 Read 1\n8:0 Write 2\nTotal 3\n',
  'some avg10=0.00 avg60=0.00 avg300=0.00 total=5\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=1\n',
  'inactive_file 9\ntotal_inactive_file 9\noom_kill 1\n',
  '4096\n',
];
const kernelText = fc.oneof(
  anyText,
  ...FILES.map(cutText),
  fc.constantFrom(...FILES).map((text) => text.replaceAll(/\d+/g, (digits) => digits.repeat(400))),
);

function figuresOf(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(figuresOf) : [value];
}

function isFigure(value: unknown): boolean {
  return value === null || (typeof value === 'number' && Number.isFinite(value) && value >= 0);
}

describe('the kernel', () => {
  const places: CgroupPlace[] = [
    { version: 2, folder: '/g' },
    {
      version: 1,
      folders: Object.fromEntries(
        ['cpu', 'cpuacct', 'memory', 'blkio', 'pids', 'unified'].map((name) => [name, `/${name}`]),
      ),
    },
  ];

  test.each(places)('files of a control group of version $version hold finite figures or none', async (place) => {
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.option(kernelText)), async (texts) => {
        const reading = await readCgroup(place, async () => texts.next().value ?? null);
        expect(figuresOf(reading).filter((value) => !isFigure(value))).toEqual([]);
      }),
    );
  });

  test("a process's groups and CPU time", () => {
    const groups = cutText('0::/a\n4:memory:/b\n3:cpu,cpuacct:/c\n1:name=systemd:/d\n');
    fc.assert(
      fc.property(fc.oneof(anyText, groups), kernelText, (cgroups, cpu) => {
        expect([1, 2, undefined]).toContain(placeOfProcess(cgroups)?.version);
        expect(cpuFileOf(cgroups) ?? '/sys/fs/cgroup').toMatch(/^\/sys\/fs\/cgroup/);
        expect(isFigure(cpuTimeNs(cpu))).toBe(true);
      }),
    );
  });

  test('/proc/stat', () => {
    const stat = 'cpu  1 2 3 4 5 6 7 8 9 0\ncpu0 1 2 3 4 5 6 7 8 9 0\ncpu1 1 2 3 4 5 6 7 8 9 0\n';
    expect(cpuTimes(stat, [0, 1])).not.toBe(null);
    fc.assert(
      fc.property(fc.oneof(anyText, cutText(stat)), (text) => {
        const times = cpuTimes(text, [0, 1]);
        expect(figuresOf(times).filter((value) => value !== null && !Number.isFinite(value))).toEqual([]);
      }),
    );
  });
});

function readConcatenatedJson(input: string) {
  const [objects, text]: [object[], string[]] = [[], []];
  const reader = createConcatenatedJson({
    onObject: (object) => objects.push(object),
    onText: (piece) => text.push(piece),
  });
  for (let at = 0; at < input.length; at += 65_536) reader.add(input.slice(at, at + 65_536));
  reader.end();
  return { objects, text: text.join('') };
}

describe('files of the run itself, as a kill or a full disk leaves them', () => {
  test('samples are those lines that are whole', () => {
    const text = [
      { kind: 'opened', at: '2026-01-01T00:00:00Z' },
      { kind: 'container', id: 'c', name: 'n' },
      { kind: 'ended', id: 'c', at: '2026-01-01T00:00:09Z' },
    ]
      .map((record) => `${JSON.stringify(record)}\n`)
      .join('');
    fc.assert(
      fc.property(fc.nat(text.length), anyText, (length, noise) => {
        const records = parseSamples(text.slice(0, length));
        expect(summarize(records, 'c').containers.length).toBeLessThanOrEqual(1);
        expect(parseSamples(noise).every((record) => typeof record === 'object')).toBe(true);
      }),
    );
  });

  test('objects between other text: what never closes costs no more time than what does', () => {
    const { objects, text } = readConcatenatedJson('{ "a": [\n'.repeat(100_000));
    expect(objects).toEqual([]);
    expect(text.length).toBeGreaterThan(800_000);
    fc.assert(
      fc.property(fc.array(fc.oneof(anyText, fc.constant('{"a":{"b":"}"}}')), { maxLength: 5 }), (parts) => {
        expect(readConcatenatedJson(parts.join('\n')).objects.every((object) => typeof object === 'object')).toBe(true);
      }),
    );
  });
});

describe('git', () => {
  const path = process.env['PATH'];
  afterEach(() => {
    process.env['PATH'] = path;
  });

  test('a status of any kind gives facts, or none', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'git'), '#!/bin/sh\ncat "$FOREIGN_GIT_OUTPUT"\n');
    chmodSync(join(folder, 'git'), 0o755);
    process.env['PATH'] = `${folder}:${path}`;
    process.env['FOREIGN_GIT_OUTPUT'] = join(folder, 'output');
    const status = '# branch.oid 1a2b\n# branch.head main\n1 .M N... 100644 100644 100644 1 2 a.py\n? b\n';
    await fc.assert(
      fc.asyncProperty(fc.oneof(anyText, cutText(status)), async (text) => {
        writeFileSync(join(folder, 'output'), text);
        const { commit, branch, dirty } = await gitFacts(folder);
        expect([typeof commit, typeof branch, typeof dirty].every((type) => /string|object|boolean/.test(type))).toBe(
          true,
        );
      }),
      { numRuns: 30 },
    );
  });

  test('its messages never show who logs in where', () => {
    const secret = fc.stringMatching(/^[a-z0-9:%]{6,20}$/);
    fc.assert(
      fc.property(anyText, secret, anyText, (before, user, after) => {
        expect(withoutSecrets(`${before} https://${user}@host/x ${after}`)).toContain(' https://host/x ');
      }),
    );
  });
});
