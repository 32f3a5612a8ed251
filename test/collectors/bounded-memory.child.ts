/** Reads one large input by the reader that is named, and says what came out. Run with a small heap by bounded-memory.test.ts. */
import { createWriteStream, mkdirSync } from 'node:fs';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { collectTests } from '../../src/activities/trial/junit-report.ts';
import { createBuildRecord } from '../../src/collectors/build/buildkit.ts';
import { createLogScan } from '../../src/collectors/logs/scan.ts';
import { readSessions } from '../../src/collectors/pytest/collector.ts';
import { profileOf } from '../../src/collectors/pytest/profile.ts';
import { followReadyLine } from '../../src/collectors/startup/ready-line.ts';
import { readSamples } from '../../src/collectors/resources/sampling.ts';
import { createStatementLog } from '../../src/collectors/statements/statement-log.ts';
import { followOutputs } from '../../src/cli/logs/follow.ts';
import { createTail } from '../../src/docker/files/tail.ts';

const [name = '', folder = '', megabytes = ''] = process.argv.slice(2);
const MB = Buffer.alloc(1_000_000, 'x');
const pieces = Number(megabytes);

async function written(path: string, parts: Iterable<string | Buffer>): Promise<string> {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  const stream = createWriteStream(file);
  for (const part of parts) if (!stream.write(part)) await once(stream, 'drain');
  stream.end();
  await once(stream, 'close');
  return file;
}

function* around(before: string, after: string): Generator<string | Buffer> {
  yield before;
  for (let piece = 0; piece < pieces; piece += 1) yield MB;
  yield after;
}

const deps = { endpoint: { local: true } } as Parameters<typeof collectTests>[0];

const READERS: Readonly<Record<string, () => Promise<unknown>>> = {
  'report with huge output': async () => {
    await written(
      'results/junit.xml',
      around(
        '<testsuites><testsuite><testcase name="a"><system-out>',
        '</system-out></testcase></testsuite></testsuites>',
      ),
    );
    return collectTests(deps, { folder, name: 'n' }, false);
  },
  'report with a huge message': async () => {
    await written(
      'results/junit.xml',
      around('<testsuite><testcase name="a"><failure message="', '"/></testcase></testsuite>'),
    );
    return collectTests(deps, { folder, name: 'n' }, false);
  },
  'build record': async () => {
    const record = createBuildRecord();
    const log = JSON.stringify({ logs: [{ vertex: 'a', data: MB.subarray(0, 30_000).toString('base64') }] });
    record.add(Buffer.from('{"vertexes":[{"digest":"a","name":"[1/1] RUN yes","started":"2026-01-01T00:00:00Z"}]}\n'));
    for (let at = 0; at < pieces * 25; at += 1) record.add(Buffer.from(`${log}\n`));
    record.add(
      Buffer.from(
        '{"vertexes":[{"digest":"a","started":"2026-01-01T00:00:00Z","completed":"2026-01-01T00:00:09Z"}]}\n',
      ),
    );
    return record.end().seconds;
  },
  'probe record without ends of lines': async () => {
    await written(
      'pytest/1.jsonl',
      around('{"k":"start","at":1}\n{"k":"session","at":2,"x":"', '"}\n{"k":"end","at":3}\n'),
    );
    return (await readSessions(join(folder, 'pytest'))).map(({ end }) => end);
  },
  'probe record of a million tests': async () => {
    await written(
      'pytest/1.jsonl',
      (function* () {
        yield '{"k":"start","at":1}\n{"k":"session","at":2}\n';
        for (let n = 1; n <= 1_000_000; n += 1) {
          yield `{"k":"test","n":${n},"id":"t.py::t[${n}]","at":${n},"marks":[]}\n{"k":"done","at":${n}.5,"n":${n},"o":"passed","s":0,"c":0.5,"d":0}\n`;
        }
        yield '{"k":"end","at":1000001,"counts":{"passed":1000000}}\n';
      })(),
    );
    const profile = profileOf(await readSessions(join(folder, 'pytest')), null)!;
    return [profile.tests.passed, profile.testSet.count, profile.slowestTests.length];
  },
  samples: async () => {
    const record = { kind: 'sample', id: 'c', readAt: '2026-01-01T00:00:00Z', cpuTotalNs: 1, pids: 1 };
    const text = `${JSON.stringify(record)}\n`.repeat(1_000);
    await written('samples.jsonl', Array(pieces * 10).fill(text));
    const records = await readSamples(join(folder, 'samples.jsonl'));
    return records.at(-1)?.kind;
  },
  'output for people': async () => {
    await written('trials/all-1-1/output.log', around('first\n', '\nlast\n'));
    const shown = { first: '', last: '', characters: 0 };
    await followOutputs(folder, {
      scenarioId: null,
      isOver: () => true,
      onLine: (_, line) => {
        shown.first ||= line;
        shown.last = line;
        shown.characters += line.length;
      },
    });
    return shown;
  },
  'log scans': async () => {
    const [scan, statements, tail] = [createLogScan('service'), createStatementLog(), createTail(10)];
    const pieces = [...around('connection refused\n', '\nconnection refused\nend\n')].map((part) => Buffer.from(part));
    for (const chunk of pieces) for (const reader of [scan, statements, tail]) reader.add(chunk);
    let ready: string | null = null;
    await followReadyLine({
      engine: {
        followLogs: async (_, { onChunk }) => {
          for (const chunk of [...pieces, Buffer.from('Listening on 80\n')]) await onChunk(chunk, 'stdout');
          return { kind: 'read' };
        },
      },
      container: 'c',
      image: 'x',
      onLine: (line) => {
        ready ??= line;
      },
      signal: new AbortController().signal,
    });
    return [scan.findings('s')[0]?.count, statements.summary(), tail.text(), ready];
  },
};

console.log(JSON.stringify(await READERS[name]!()));
