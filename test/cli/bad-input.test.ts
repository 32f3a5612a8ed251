/** Bad input of every kind through the command line: exit code 2, a line or two with the place and what to do, and nothing left. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pacelineHere } from '../support/paceline.ts';

let root: string;
let data: string;

const LONG = 'x'.repeat(300);
const POINT = `${JSON.stringify({ name: 'a', measure: 'm', unit: 's', better: 'lower', value: 1, low: null, high: null, commit: null, at: '2026-01-01T00:00:00Z' })}\n`;
const BINARY = Buffer.from([0, 255, 254, 1, 2, 3]);

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'paceline-bad-input-'));
  data = join(root, 'data');
  repository('shop', { 'Dockerfile.test': 'FROM scratch\n' });
  repository('bare', { 'README.md': '' });
  writeFileSync(join(root, 'file'), '');
  writeFileSync(join(root, 'binary'), BINARY);
  writeFileSync(join(root, 'long.patch'), LONG.repeat(1000));
  writeFileSync(
    join(root, 'other.patch'),
    '--- a/Dockerfile.test\n+++ b/Dockerfile.test\n@@ -1 +1 @@\n-FROM other\n+FROM scratch\n',
  );
  writeFileSync(join(root, 'huge.csv'), '');
  truncateSync(join(root, 'huge.csv'), 65 * 1024 * 1024);
  plans();
  mkdirSync(join(root, 'config-is-folder', 'config.json'), { recursive: true });
  folder('config-is-binary', { 'config.json': BINARY });
  // A store to look into: commands that find none end before they read their input.
  await pacelineHere(['history', 'import', '-', '--as', 'other'], where({}, POINT));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function repository(name: string, files: Readonly<Record<string, string>>): void {
  folder(name, files);
  const git = (...argv: string[]) =>
    execaSync('git', ['-C', join(root, name), '-c', 'user.name=n', '-c', 'user.email=e@e', ...argv]);
  git('init', '-q', '-b', 'main');
  git('add', '.');
  git('commit', '-q', '-m', 'first');
}

function folder(name: string, files: Readonly<Record<string, string | Buffer>>): void {
  mkdirSync(join(root, name));
  for (const [file, content] of Object.entries(files)) writeFileSync(join(root, name, file), content);
}

function plans(): void {
  const plan = (name: string, content: string | Buffer) => folder(name, { 'paceline.yml': content });
  mkdirSync(join(root, 'plan-folder', 'paceline.yml'), { recursive: true });
  plan('plan-binary', BINARY);
  plan('plan-latin1', Buffer.from('project: caf\u00e9\n', 'latin1'));
  plan('plan-utf16', Buffer.from('\ufeffproject: shop\n', 'utf16le'));
  plan('plan-huge', '');
  truncateSync(join(root, 'plan-huge', 'paceline.yml'), 3e9);
  plan('plan-long', `# ${'x'.repeat(300_000)}\n`);
  plan('plan-deep', '['.repeat(10_000));
  const level = (n: number) => `l${n}: &l${n} [${Array.from({ length: 9 }, () => `*l${n - 1}`).join(', ')}]\n`;
  plan('plan-bomb', `l0: &l0 [x]\n${Array.from({ length: 9 }, (_, n) => level(n + 1)).join('')}`);
  plan('plan-name', 'scenarios:\n  - name: "a\\nb"\n');
  plan('plan-long-name', `scenarios:\n  - name: ${LONG}\n`);
  plan('plan-control', 'project: "a\\e[31mb"\n');
  plan('plan-out', 'compose: ../../etc/compose.yml\n');
  plan('plan-nan', 'trials: { repeat: .nan }\n');
  plan('plan-proto', '__proto__: { repeat: 1 }\n');
  for (const [name, target] of [
    ['plan-loop', 'paceline.yml'],
    ['plan-dangling', 'nowhere'],
  ] as const) {
    mkdirSync(join(root, name));
    symlinkSync(target, join(root, name, 'paceline.yml'));
  }
  mkdirSync(join(root, 'plan-pipe'));
  execaSync('mkfifo', [join(root, 'plan-pipe', 'paceline.yml')]);
}

/** No engine answers, so nothing that gets this far by mistake is started. */
function where(env: NodeJS.ProcessEnv, input?: string) {
  return {
    cwd: root,
    env: { PACELINE_DATA: data, HOME: root, DOCKER_HOST: 'unix:///nonexistent.sock', ...env },
    ...(input === undefined ? {} : { input }),
  };
}

/** SQLite's own files next to the store come and go while it is open. */
function everything(): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => !/-(wal|shm)$/.test(name))
    .sort();
}

interface Given {
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string | undefined;
}

/** The command's output and leftovers, and whether the output is safe to show to people and terminals. */
async function outcome(argv: readonly string[], { env = {}, input }: Given = {}) {
  const before = everything();
  const { code, stdout, stderr } = await pacelineHere(argv, where(env, input));
  return {
    code,
    stdout,
    stderr,
    lines: stderr.trimEnd().split('\n').length <= 2 ? 'two at most' : stderr,
    traces: /bug in Paceline|\n {4}at |node:internal/.exec(stderr)?.[0] ?? 'none',
    controls: /(?!\n)\p{Cc}/u.exec(stderr)?.[0] ?? 'none',
    left: everything().filter((name) => !before.includes(name)),
  };
}

function refusal(said: RegExp) {
  return {
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(
      new RegExp(`^paceline: (?:.|\\n)*?(?:${said.source.replace(/^\^paceline: /, '')})`),
    ) as string,
    lines: 'two at most',
    traces: 'none',
    controls: 'none',
    left: [],
  };
}

const ON_SHOP = ['--project', 'shop'];
const SAME = ['main', 'main', ...ON_SHOP];

describe('flags', () => {
  test.each<[string, readonly string[], RegExp]>([
    ['a command that is empty', [''], /unknown command ''/],
    ['a flag where a command should be', ['--json'], /unknown option '--json'/],
    ['a value where none belongs', ['run', '--json=yes'], /unknown option '--json=yes'/],
    ['a word too many', ['plan', 'shop'], /too many arguments for 'plan'.*\nDid you mean --project shop\?/],
    ['a subcommand that is none', ['schedule', 'frob'], /unknown command 'frob'/],
    ['a value that is missing', ['run', '--project'], /--project <path>' argument missing/],
    ['a number that is missing', ['run', ...ON_SHOP, '--repeat'], /--repeat <n>' argument missing/],
    [
      'an argument that is missing',
      ['compare', 'main'],
      /missing required argument 'head'\nUsage: paceline compare \[options\] <base> <head>/,
    ],
    ['a folder that is empty', ['run', '--project', ''], /^paceline: --project is empty\.\nSpecify a value, or leave/],
    ['a git URL that is empty', ['run', '--git', ''], /--git is empty/],
    ['a ref that is empty', ['run', ...ON_SHOP, '--ref='], /--ref is empty/],
    ['an output that is empty', ['run', ...ON_SHOP, '--output', ''], /--output is empty/],
    ['a data directory that is empty', ['run', ...ON_SHOP, '--data-dir', ''], /--data-dir is empty/],
    ['a store that is empty', ['history', 'list', '--store', ''], /--store is empty/],
    ['a scenario that is empty', ['plan', ...ON_SHOP, '--scenario', 'A', '--scenario', ''], /--scenario is empty/],
    ['a negative number', ['plan', ...ON_SHOP, '--repeat', '-1'], /Specify a whole number of at least 1\./],
    ['NaN', ['plan', ...ON_SHOP, '--repeat', 'NaN'], /argument 'NaN' is invalid/],
    ['a number in powers', ['plan', ...ON_SHOP, '--repeat', '1e3'], /argument '1e3' is invalid/],
    ['a number of twenty digits', ['plan', ...ON_SHOP, '--seed', '9'.repeat(20)], /Specify a whole number/],
    ['too many repetitions', ['plan', ...ON_SHOP, '--repeat', '101'], /trials\.repeat is 101, more than 100/],
    ['the last of two values', ['plan', ...ON_SHOP, '--repeat', '2', '--repeat', '0'], /argument '0' is invalid/],
    ['too large a seed', ['plan', ...ON_SHOP, '--seed', '9007199254740991'], /more than 4294967295/],
    ['too many lanes', ['plan', ...ON_SHOP, '--lanes', '5000'], /more than 1024/],
    ['a port of 0', ['up', '--port', '0'], /Specify a port from 1 to 65535/],
    ['a negative port', ['up', '--ui-port', '-1'], /Specify a port from 1 to 65535/],
    [
      'a commit without anything to measure',
      ['compare', 'main', 'main', '--project', 'bare'],
      /There is no docker-compose\.test\.yml in \S+bare at main, and no Dockerfile\.test either\.\nAdd .* a service `test`/,
    ],
    ['too few pairs', ['compare', 'main', 'HEAD', ...ON_SHOP, '--pairs', '1'], /from 5 to 100/],
    ['too many pairs', ['compare', 'main', 'HEAD', ...ON_SHOP, '--pairs', '1000000'], /from 5 to 100/],
    ['a budget of a century', ['compare', 'main', 'HEAD', '--budget', '52560000'], /from 1 to 44640/],
    ['a patch that is not there', ['compare', ...SAME, '--head-patch', 'nowhere'], /There is no file nowhere/],
    ['a patch that is a folder', ['compare', ...SAME, '--base-patch', 'shop'], /shop cannot be read \(EISDIR\)/],
    ['a patch that is empty', ['compare', ...SAME, '--head-patch', 'file'], /The patch file is empty/],
    ['a patch that is binary', ['compare', ...SAME, '--head-patch', 'binary'], /is not text in UTF-8/],
    [
      'a patch that is too long',
      ['compare', ...SAME, '--head-patch', 'long.patch'],
      /300000 characters.* 262144 \(256 KB\)/,
    ],
    [
      'a patch that does not fit',
      ['compare', ...SAME, '--head-patch', 'other.patch'],
      /The patch of the head does not apply: Dockerfile\.test, hunk 1 \(@@ -1 \+1 @@\)/,
    ],
    ['an override without a value', ['compare', ...SAME, '--head-set', 'project'], /--head-set "project" has no "="/],
    [
      'an override with an invalid path',
      ['compare', ...SAME, '--base-set', '__proto__.a=1'],
      /"__proto__\.a" is not the path/,
    ],
    [
      'an override of a key that is none',
      ['compare', ...SAME, '--head-set', 'trials.repaet=3'],
      /trials\.repaet is not a key/,
    ],
    [
      'an override of a default scenario',
      ['compare', ...SAME, '--head-set', 'scenarios[0].command=x'],
      /the plan does not have scenarios/,
    ],
    ['a phase that is none', ['compare', 'main', 'HEAD', '--phase', 'all'], /Specify one of build\.cold/],
    ['a limit of 0', ['history', 'list', '--limit', '0'], /at least 1/],
    ['an age that is none', ['history', 'prune', '--older-than', 'soon'], /Write it like 90d/],
    ['an age before all time', ['history', 'prune', '--older-than', '9007199254740993w'], /at most 5200w/],
    ['a negative threshold', ['history', 'rejudge', '--regression', '-5%'], /Write it like 15%/],
    ['a format that is none', ['report', 'x', '--format', 'pdf'], /Allowed choices are/],
    ['a window of ever', ['schedule', 'create', '--catch-up-hours', '9007199254740991'], /from 1 to 8760/],
    ['two times', ['schedule', 'create', '--at', '02:30', '--cron', '1 2 3 4 5'], /either --at or --cron/],
    ['an invalid cron expression', ['schedule', 'create', '--cron', 'every night'], /is not a valid cron expression/],
  ])('%s', async (_, argv, said) => {
    expect(await outcome(argv)).toEqual(refusal(said));
  });
});

describe('environment', () => {
  test.each<[string, readonly string[], (at: (name: string) => string) => NodeJS.ProcessEnv, RegExp]>([
    [
      'a store of another kind',
      ['run', ...ON_SHOP],
      () => ({ PACELINE_STORE: 'mysql://u:secret@h/x' }),
      /not a PostgreSQL URL/,
    ],
    ['a store that is not a URL', ['history', 'list'], () => ({ PACELINE_STORE: 'x y' }), /not a PostgreSQL URL/],
    [
      'a store that does not answer',
      ['history', 'list'],
      () => ({ PACELINE_STORE: 'postgresql://u:secret@127.0.0.1:1/x' }),
      /cannot be reached \(postgresql:\/\/u@127/,
    ],
    [
      'seconds that are none',
      ['run', ...ON_SHOP],
      () => ({ PACELINE_QUIET_SECONDS: 'soon' }),
      /is "soon", which is not a number/,
    ],
    ['negative seconds', ['worker'], () => ({ PACELINE_QUIET_SECONDS: '-1' }), /PACELINE_QUIET_SECONDS is "-1"/],
    [
      'a first port that is none',
      ['up'],
      () => ({ PACELINE_FIRST_PORT: '65535' }),
      /PACELINE_FIRST_PORT is "65535", which is not a port/,
    ],
    ['endless seconds', ['up'], () => ({ PACELINE_QUIET_SECONDS: 'Infinity' }), /PACELINE_QUIET_SECONDS/],
    [
      'data in a file, looked at',
      ['history', 'list'],
      (at) => ({ PACELINE_DATA: at('file') }),
      /file is not a directory/,
    ],
    [
      'data in a file, for a run',
      ['run', ...ON_SHOP],
      (at) => ({ PACELINE_DATA: at('file') }),
      /file is not a directory/,
    ],
    ['a config.json that is a folder', ['history'], (at) => ({ PACELINE_DATA: at('config-is-folder') }), /EISDIR/],
    [
      'a binary config.json',
      ['history'],
      (at) => ({ PACELINE_DATA: at('config-is-binary') }),
      /config\.json is not valid/,
    ],
    [
      'an address that is none',
      ['schedule', 'list'],
      () => ({ TEMPORAL_ADDRESS: 'http://127.0.0.1:1' }),
      /No Temporal/,
    ],
    ['a binary Temporal file', ['worker'], (at) => ({ TEMPORAL_CONFIG_FILE: at('binary') }), /Invalid TOML document/],
    ['a Temporal file that is a folder', ['worker'], (at) => ({ TEMPORAL_CONFIG_FILE: at('shop') }), /EISDIR/],
    ['a profile that is not there', ['worker'], () => ({ TEMPORAL_PROFILE: 'nope' }), /Profile 'nope' not found/],
    [
      'a certificate that is not there',
      ['schedule', 'list'],
      () => ({
        TEMPORAL_ADDRESS: '127.0.0.1:1',
        TEMPORAL_TLS_CLIENT_CERT_PATH: '/no',
        TEMPORAL_TLS_CLIENT_KEY_PATH: '/no',
      }),
      /ENOENT.*'\/no'/,
    ],
  ])('%s', async (_, argv, env, said) => {
    expect(await outcome(argv, { env: env((name) => join(root, name)) })).toEqual(refusal(said));
  });

  test('a password in a URL is never repeated', async () => {
    for (const url of ['mysql://u:secret@h/x', 'postgresql://u:secret@127.0.0.1:1/x']) {
      const { stderr } = await pacelineHere(['history', 'list'], where({ PACELINE_STORE: url }));
      expect(stderr).not.toContain('secret');
    }
  });
});

describe('plans', () => {
  test.each<[string, string, RegExp]>([
    ['a folder', 'plan-folder', /^paceline: paceline\.yml is not a file\.\n/],
    ['a pipe', 'plan-pipe', /^paceline: paceline\.yml is not a file\.\n/],
    ['a link to itself', 'plan-loop', /^paceline: paceline\.yml cannot be read \(ELOOP\)\.\n/],
    ['a link to nowhere', 'plan-dangling', /^paceline: paceline\.yml cannot be read \(ENOENT\)\.\n/],
    ['binary', 'plan-binary', /is not text in UTF-8/],
    ['in Latin-1', 'plan-latin1', /is not text in UTF-8/],
    ['in UTF-16', 'plan-utf16', /is not text in UTF-8/],
    ['of gigabytes', 'plan-huge', /has 3000000000 bytes, more than a plan can have/],
    ['of many characters', 'plan-long', /has 300003 characters, more than a plan can have/],
    ['too deep', 'plan-deep', /nested too deeply/],
    ['a bomb of aliases', 'plan-bomb', /paceline\.yml.*alias/],
    ['with a name of two lines', 'plan-name', /scenarios\[0\]\.name holds a line break/],
    ['with a name of 300 characters', 'plan-long-name', /scenarios\[0\]\.name is longer than 100/],
    ['with a name that colours', 'plan-control', /project holds a line break or another control character/],
    ['with a file elsewhere', 'plan-out', /compose leads out of the project's folder/],
    ['with a number that is none', 'plan-nan', /trials\.repeat/],
    ['with a key of JavaScript', 'plan-proto', /__proto__/],
  ])('%s', async (_, project, said) => {
    expect(await outcome(['plan', '--project', project])).toEqual(refusal(said));
    expect(await outcome(['run', '--project', project])).toEqual(refusal(said));
  });
});

describe('files and figures', () => {
  test.each<[string, readonly string[], RegExp, string?]>([
    ['a file that is not there', ['history', 'import', 'nowhere.csv'], /There is no file nowhere\.csv/],
    ['a folder', ['history', 'import', 'shop'], /There is no file shop/],
    ['a huge file', ['history', 'import', 'huge.csv'], /The limit for an import is 64 MiB/],
    ['a binary file', ['history', 'import', 'binary'], /binary cannot be imported: line 1/],
    ['an empty file', ['history', 'import', 'file'], /file cannot be imported/],
    ['a time that is none', ['history', 'import', '-', '--at', 'soon'], /--at: "soon" is not a date/, '{}'],
    ['a name that is empty', ['history', 'import', '-', '--as', ''], /--as is empty/, POINT],
    [
      'data in a file',
      ['history', 'import', '-', '--data-dir', 'file'],
      /file cannot be created|file is not a directory/,
      POINT,
    ],
    ['JSON that is cut off', ['history', 'import', '-', '--format', 'jsonl'], /line 1/, '{"name":'],
    ['an export into a folder', ['history', 'export', '--output', 'shop'], /shop cannot be written \(EISDIR\)/],
    ['an export below a file', ['history', 'export', '--output', 'file/x'], /cannot be written/],
    [
      'an output below a file',
      ['run', ...ON_SHOP, '--output', 'file/x'],
      /file is not a directory\.\nSpecify a directory/,
    ],
    ['a comparison below a file', ['compare', 'main', 'main', ...ON_SHOP, '-o', 'file/x'], /file is not a directory/],
    ['a series of control characters', ['detect'], /not a finite number/, '\u0000\u0001'],
    ['a series without an end', ['detect'], /The input is not valid JSON/, `{"series":${'['.repeat(100_000)}`],
    ['no limit for pruning', ['history', 'prune'], /Specify which runs to keep/],
    ['a wrong age', ['history', 'prune', '--keep', '0', '--older-than', '1'], /Write it like 90d/],
  ])('%s', async (_, argv, said, input) => {
    expect(await outcome(argv, { input })).toEqual(refusal(said));
  });
});

const HOSTILE: readonly (readonly [string, string])[] = [
  ['quotes', `a"'\`b`],
  ['a line break', 'a\nb'],
  ['a way out', '../../etc/passwd'],
  ['a command', '$(touch pwned)'],
  ['a leading dash', '--upload-pack=touch pwned'],
  ['emoji', '🐢🏳️‍🌈'],
  ['300 characters', LONG],
  ['an escape sequence', '\u001b[31mred'],
  ['SQL', "'; DROP TABLE runs; --"],
  ['a pattern', '%'],
  ['a name of JavaScript', '__proto__'],
];

describe.each(HOSTILE)('a name with %s', (_, name) => {
  test.each<[string, readonly string[], RegExp]>([
    ['as folder', ['run', `--project=${name}`], /There is no directory|cannot be read|is not a directory/],
    ['as ref', ['run', ...ON_SHOP, `--ref=${name}`], /There is no ref/],
    ['as git URL', ['run', `--git=${name}`], /cannot be read|There is no ref/],
    ['as base', ['compare', '--project=shop', '--', name, 'HEAD'], /There is no ref/],
    ['as scenario', ['plan', ...ON_SHOP, `--scenario=${name}`], /The plan has no scenario/],
    ['as run', ['report', '--', name], /No run in .* begins with/],
    ['as run of logs', ['logs', '--', name], /No run is recorded/],
    ['as alert', ['explain', '--', name], /No run or alert in .* begins with/],
    ['as alert to accept', ['ack', '--reason', 'x', '--', name], /No alert begins with/],
    ['as series', ['reset', '--reason', 'x', '--', name], /No series begins with/],
    ['as file', ['history', 'import', '--', name], /There is no file|cannot be imported/],
    ['as time', ['schedule', 'create', `--at=${name}`], /is not a valid time of day/],
    ['as time zone', ['schedule', 'create', '--at=02:30', `--time-zone=${name}`], /is not a known time zone/],
    ['as column', ['detect', `--column=${name}`], /There is no column/],
    ['as command', ['--', name], /unknown command/],
  ])('%s', async (__, argv, said) => {
    const words = new RegExp(`${said.source}|(?:holds|contains) a line break or another control character`);
    expect(await outcome(argv, { input: 'a,b\n1,2\n' })).toEqual(refusal(words));
  });
});
