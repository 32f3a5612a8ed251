import { once } from 'node:events';
import { rmdirSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine } from '../../../src/docker/engine/dockerode-engine.ts';
import { wholeOf } from '../../../src/docker/engine/streams.ts';
import { EngineRefusal, type StatsSample } from '../../../src/docker/engine/engine.ts';
import { PacelineError } from '../../../src/model/failure.ts';
import { localEngine, nameHere, PYTHON_IMAGE } from '../../support/local-engine.ts';

const NAME = nameHere('paceline-test-engine');
let local: Awaited<ReturnType<typeof localEngine>>;
beforeAll(async () => {
  local = await localEngine('engine');
});
afterAll(async () => await local.cleanUp());

const never = () => new AbortController().signal;

/** A container that runs until it is removed. */
const IDLE = 'trap "exit 0" TERM; echo up; while :; do sleep 0.2; done';

async function logsOf(id: string): Promise<Record<'stdout' | 'stderr', string>> {
  const text = { stdout: '', stderr: '' };
  await local.engine.followLogs(id, {
    signal: never(),
    onChunk: (chunk, stream) => {
      text[stream] += chunk.toString();
    },
  });
  return text;
}

describe('an engine', () => {
  it('tells what it is', async () => {
    const info = await local.engine.info();
    expect(info.version).toMatch(/^\d+\./);
    expect(info.cpus).toBeGreaterThan(0);
    expect(info.memoryBytes).toBeGreaterThan(2 ** 28);
    expect(info.cgroupVersion).toMatch(/^[12]$/);
  });

  it('that does not answer is a problem one can act on', async () => {
    const engine = createEngine({ ...local.endpoint, host: 'unix:///nowhere/docker.sock' });
    const problem = {
      type: 'EngineUnavailable',
      what: 'The Docker engine at unix:///nowhere/docker.sock does not answer.',
    };
    await expect(engine.info()).rejects.toMatchObject({ problem });
    await expect(engine.events({}, never())).rejects.toMatchObject({ problem });
    await expect(engine.waitContainer('x', never())).rejects.toMatchObject({ problem });
  });
});

describe('an engine that goes away', () => {
  it('ends what waits for it with a problem one can act on', async () => {
    const id = await local.start(IDLE);
    const proxy = await throughProxy(local.endpoint.host.replace('unix://', ''));
    const engine = createEngine({ ...local.endpoint, host: `unix://${proxy.socket}` });
    const events = await engine.events({ labels: local.labels }, never());
    const reading = async () => {
      for await (const event of events) expect.unreachable(event.action);
    };
    const waiting = [
      engine.waitContainer(id, never()),
      engine.followLogs(id, { signal: never(), onChunk: proxy.cut }),
      reading(),
    ];
    for (const { status, reason } of (await Promise.allSettled(waiting)) as PromiseRejectedResult[]) {
      expect([status, reason.problem?.type]).toEqual(['rejected', 'EngineUnavailable']);
    }
  });
});

/** A socket that leads to the engine until it is cut, as if the engine had been stopped. */
async function throughProxy(engineSocket: string) {
  const directory = await mkdtemp(join(tmpdir(), 'paceline-proxy-'));
  const socket = join(directory, 'docker.sock');
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(engineSocket);
    for (const end of [client, upstream]) open.add(end.on('error', () => {}));
    client.pipe(upstream).pipe(client);
  }).listen(socket);
  await once(server, 'listening');
  const cut = () => {
    // Closing removes the socket; the folder is empty then.
    server.close(() => rmdirSync(directory));
    for (const end of open) end.destroy();
  };
  return { socket, cut };
}

describe('a container', () => {
  it('is described while it runs and after it ended', async () => {
    const id = await local.start('sleep 0.5; exit 3', '--name', NAME);
    const running = await local.engine.inspectContainer(NAME);
    expect(running).toMatchObject({ id, name: NAME, image: PYTHON_IMAGE, tty: false });
    expect(await local.engine.waitContainer(id, never())).toBe(3);
    const ended = await local.engine.inspectContainer(id);
    expect(ended?.state).toMatchObject({ status: 'exited', exitCode: 3, oomKilled: false, pid: null, health: null });
    expect(Date.parse(ended?.state.finishedAt ?? '')).toBeGreaterThan(Date.parse(ended?.state.startedAt ?? ''));
  });

  it('that was killed for its memory is reported as such', async () => {
    const eat = `python3 -c "x = bytearray(200_000_000); print(len(x))"`;
    const id = await local.start(`exec ${eat}`, '--memory', '32m', '--memory-swap', '32m');
    expect(await local.engine.waitContainer(id, never())).toBe(137);
    expect((await local.engine.inspectContainer(id))?.state).toMatchObject({ exitCode: 137, oomKilled: true });
  });

  it('has its health told', async () => {
    const id = await local.start(IDLE, '--health-cmd', 'echo fine', '--health-interval', '200ms');
    const { engine } = local;
    const health = async () => (await engine.inspectContainer(id))?.state.health;
    while ((await health())?.status !== 'healthy') await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await health())?.log[0]).toMatchObject({ exitCode: 0, output: 'fine\n' });
  });

  it('is waited for no longer than the signal says, with the reason of the signal', async () => {
    const id = await local.start(IDLE);
    const stop = new AbortController();
    const reason = new Error('stop waiting');
    const waiting = local.engine.waitContainer(id, stop.signal);
    const logs = local.engine.followLogs(id, { signal: stop.signal, onChunk: () => stop.abort(reason) });
    expect(await Promise.allSettled([waiting, logs])).toEqual([
      { status: 'rejected', reason },
      { status: 'rejected', reason },
    ]);
    await expect(local.engine.waitContainer(id, stop.signal)).rejects.toBe(reason);
    await expect(local.engine.events({}, stop.signal)).rejects.toBe(reason);
    expect((await local.engine.inspectContainer(id))?.state.status).toBe('running');
  });

  it('is stopped and removed as often as one likes', async () => {
    const id = await local.start(IDLE);
    await local.engine.stopContainer(id, 10);
    await local.engine.stopContainer(id, 10);
    expect((await local.engine.inspectContainer(id))?.state).toMatchObject({ status: 'exited', exitCode: 0 });
    await Promise.all([local.engine.removeContainer(id), local.engine.removeContainer(id)]);
    await local.engine.removeContainer(id);
    await local.engine.stopContainer(id, 10);
    expect(await local.engine.inspectContainer(id)).toBeNull();
    expect(await local.engine.waitContainer(id, never())).toBeNull();
    expect(await local.engine.logTail(id, 10)).toEqual({ kind: 'text', text: '' });
  });
});

describe("a container's output", () => {
  it('comes from its beginning, both streams apart, while it runs and after', async () => {
    const id = await local.start('echo one; echo two >&2; sleep 0.7; echo three');
    const expected = { stdout: 'one\nthree\n', stderr: 'two\n' };
    expect(await logsOf(id)).toEqual(expected);
    expect(await logsOf(id)).toEqual(expected);
  });

  it('of a terminal is all stdout', async () => {
    const id = await local.start('echo one; echo two >&2', '-t');
    expect(await logsOf(id)).toEqual({ stdout: 'one\r\ntwo\r\n', stderr: '' });
  });

  it('has a tail, also when it looks like JSON', async () => {
    const id = await local.start('echo 1; echo 2; echo 3', '-t');
    await local.engine.waitContainer(id, never());
    expect(await local.engine.logTail(id, 2)).toEqual({ kind: 'text', text: '2\r\n3\r\n' });
    const running = await local.start(`echo '{"a":1}'; ${IDLE}`);
    await local.engine.followLogs(running, {
      signal: AbortSignal.timeout(20_000),
      onChunk: () => local.engine.stopContainer(running, 1),
    });
    expect(await local.engine.logTail(running, 1)).toEqual({ kind: 'text', text: 'up\n' });
  });

  it.each([
    ['none', ['--log-driver', 'none']],
    [
      'syslog',
      ['--log-driver', 'syslog', '--log-opt', 'syslog-address=udp://127.0.0.1:9', '--log-opt', 'cache-disabled=true'],
    ],
  ])('is nowhere with the logging driver %s', async (driver, flags) => {
    const id = await local.start('echo one', ...flags);
    const nothing = { kind: 'noLogs', driver };
    const options = { signal: never(), onChunk: () => expect.fail('there is no log') };
    expect(await local.engine.followLogs(id, options)).toEqual(nothing);
    expect(await local.engine.readLogs(id, options)).toEqual(nothing);
    expect(await local.engine.logTail(id, 5)).toEqual(nothing);
  });
});

describe('a command in a running container', () => {
  const exec = async (id: string, ...command: readonly string[]) => await local.engine.exec(id, command, never());

  it('is run with its user and environment, and tells its exit code', async () => {
    const id = await local.start(IDLE, '--user', '1234', '--env', 'GREETING=hello', '--workdir', '/tmp');
    expect(await exec(id, 'sh', '-c', '[ "$(id -u)$GREETING$PWD" = 1234hello/tmp ]')).toBe(0);
    expect(await exec(id, 'sh', '-c', 'echo much; echo more >&2; exit 7')).toBe(7);
    expect(await exec(id, 'sh', '-c', 'exec >&- 2>&-; sleep 0.3; exit 4')).toBe(4);
    expect(await exec(id, 'no-such-program')).toBeGreaterThanOrEqual(126);
  });

  it('is waited for no longer than wanted', async () => {
    const id = await local.start(IDLE);
    const stopped = new Error('enough');
    const waiting = local.engine.exec(id, ['sleep', '60'], AbortSignal.timeout(500));
    await expect(waiting).rejects.toMatchObject({ name: 'TimeoutError' });
    await expect(local.engine.exec(id, ['sleep', '60'], AbortSignal.abort(stopped))).rejects.toBe(stopped);
  });

  it('is refused where it does not run, and null where there is no such container', async () => {
    const id = await local.start('exit 0');
    await local.engine.waitContainer(id, never());
    await expect(exec(id, 'true')).rejects.toMatchObject({ statusCode: 409 });
    expect(await exec(nameHere('no-such-container'), 'true')).toBeNull();
  });
});

describe('files', () => {
  it('are copied out of a stopped container', async () => {
    const id = await local.start(
      'mkdir /results; printf "<xml/>" > /results/junit.xml; head -c 100000 /dev/zero > /results/big',
    );
    await local.engine.waitContainer(id, never());
    const small = await local.engine.copyOut(id, '/results/junit.xml');
    expect((await wholeOf(small!.chunks)).toString()).toBe('<xml/>');
    const big = await local.engine.copyOut(id, '/results/big');
    expect(big!.bytes).toBe(100_000);
    expect((await wholeOf(big!.chunks)).length).toBe(100_000);
    const unread = await local.engine.copyOut(id, '/results/big');
    await unread!.close();
    expect(await local.engine.copyOut(id, '/results')).toBeNull();
    expect(await local.engine.copyOut(id, '/results/none')).toBeNull();
    expect(await local.engine.copyOut('no-such-container', '/results/junit.xml')).toBeNull();
  });
});

describe('statistics', () => {
  it('grow while the container works and end with it', async () => {
    const id = await local.start('timeout 4 python3 -c "while True: pass"; true', '--cpuset-cpus', '0');
    const samples: StatsSample[] = [];
    for await (const sample of local.engine.stats(id, never())) samples.push(sample);
    const [first, last] = [samples[0], samples.at(-1)];
    expect(samples.length).toBeGreaterThanOrEqual(2);
    expect(last?.cpuTotalNs).toBeGreaterThan(first?.cpuTotalNs ?? Infinity);
    for (const sample of samples) {
      expect(sample.workingSetBytes).toBeGreaterThan(0);
      expect(Date.parse(sample.readAt)).toBeGreaterThan(Date.parse('2020-01-01'));
    }
  });

  it('are none for a container that has ended, or is gone', async () => {
    const id = await local.start('true');
    await local.engine.waitContainer(id, never());
    for (const name of [id, 'no-such-container']) {
      for await (const sample of local.engine.stats(name, never())) expect.unreachable(JSON.stringify(sample));
    }
  });
});

describe('events', () => {
  it('tell what happened since they were opened', async () => {
    const stop = new AbortController();
    const reason = new Error('enough');
    const events = await local.engine.events(
      { types: ['container'], actions: ['start', 'die'], labels: local.labels },
      stop.signal,
    );
    const id = await local.start('exit 5');
    const seen: [string, string | undefined][] = [];
    const reading = (async () => {
      for await (const event of events) {
        if (event.id === id) seen.push([event.action, event.attributes['exitCode']]);
        if (seen.length === 2) stop.abort(reason);
      }
    })();
    await expect(reading).rejects.toBe(reason);
    expect(seen).toEqual([
      ['start', undefined],
      ['die', '5'],
    ]);
  });
});

describe('a stream of events', () => {
  it('that was aborted before it was read gives the reason to its reader', async () => {
    const stop = new AbortController();
    const events = await local.engine.events({}, stop.signal);
    const reason = new Error('no reader came');
    stop.abort(reason);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await expect(events[Symbol.asyncIterator]().next()).rejects.toBe(reason);
  });
});

describe('what carries a label', () => {
  it('is found and removed, twice over', async () => {
    const { engine, docker } = local;
    const label = ['--label', `paceline.test=${local.owner}`, '--label', 'paceline.test.part=listed'];
    const id = await docker('create', ...label, PYTHON_IMAGE, 'true');
    const network = await docker('network', 'create', ...label, NAME);
    const volume = await docker('volume', 'create', ...label, NAME);
    await docker('commit', '--change', `LABEL paceline.test=${local.owner} paceline.test.part=listed`, id, `${NAME}:1`);

    const found = await engine.listByLabels({ ...local.labels, 'paceline.test.part': true });
    expect(found.containers).toMatchObject([{ id, state: 'created', labels: { 'paceline.test.part': 'listed' } }]);
    expect(found.networks).toMatchObject([{ id: network, name: NAME }]);
    expect(found.volumes).toMatchObject([{ name: volume }]);
    expect(found.images).toMatchObject([{ tags: [`${NAME}:1`] }]);

    for (let time = 0; time < 2; time++) {
      await engine.removeContainer(id);
      await engine.removeNetwork(network);
      await engine.removeVolume(volume);
      await engine.removeImage(`${NAME}:1`);
    }
    expect(await engine.listByLabels({ ...local.labels, 'paceline.test.part': true })).toEqual({
      containers: [],
      networks: [],
      volumes: [],
      images: [],
    });
  });

  it('that is in use is refused in the words of the engine', async () => {
    const { engine, docker } = local;
    const volume = await docker('volume', 'create', '--label', `paceline.test=${local.owner}`);
    await docker('create', '--label', `paceline.test=${local.owner}`, '-v', `${volume}:/data`, PYTHON_IMAGE, 'true');
    const refusal = engine.removeVolume(volume);
    await expect(refusal).rejects.toThrow(EngineRefusal);
    await expect(refusal).rejects.toThrow(/volume is in use/);
  });
});

describe('an image', () => {
  it('is described, or is not there', async () => {
    const image = await local.engine.inspectImage(PYTHON_IMAGE);
    expect(image).toMatchObject({ tags: [PYTHON_IMAGE], labels: { 'paceline.stand-in': 'python' } });
    expect(image?.sizeBytes).toBeGreaterThan(1_000_000);
    expect((await local.engine.listImages({ 'paceline.stand-in': 'python' })).map(({ tags }) => tags)).toContainEqual([
      PYTHON_IMAGE,
    ]);
    expect(await local.engine.inspectImage('paceline-no-such-image:1')).toBeNull();
  });

  it('that cannot be pulled is a problem one can act on', async () => {
    // Nothing listens on port 1, so this needs no network.
    const pulling = local.engine.pullImage('127.0.0.1:1/nothing:1', never());
    await expect(pulling).rejects.toThrow(PacelineError);
    await expect(pulling).rejects.toMatchObject({ problem: { type: 'ImageUnavailable' } });
  });
});
