/** Tests hold while another Paceline, or the same test once more, works on the machine: nothing is used that others use too. */
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FILES = globSync(['test/**/*.ts', 'scripts/chaos/**/*.ts'], { cwd: ROOT }).filter(
  (file) => !file.endsWith('support/apart.test.ts') && !file.startsWith('test/fixtures/'),
);

interface Rule {
  readonly what: string;
  readonly pattern: RegExp;
  /** Where it means something else, and what. */
  readonly except?: RegExp;
}

const RULES: readonly Rule[] = [
  {
    what: "Temporal's default ports: take FIRST_PORT or aFreePort of test/support/ports.ts",
    pattern: /\b[78]233\b/,
    // Within a container.
    except: /127\.0\.0\.1::7233|'port', id, '7233'/,
  },
  {
    what: 'a server that looks for ports where others look: give it firstPort, or ports',
    pattern: /\b(?:startServer|choosePorts)\(\{(?![^}]*(?:firstPort|ports?\b))[^}]*\}/,
  },
  {
    what: 'a port of its own to listen on: take 0, and ask which it is',
    pattern: /\.listen\((?:\{[^}]*port: [1-9]|[1-9])/,
  },
  {
    what: 'a name at the engine that another process may use: make it with nameHere',
    pattern: /(?<!nameHere\()(['"])paceline-test-[\w/:.-]+\1/,
    // The product gives these names of its own.
    except: /'paceline-test-fixed-db'/,
  },
  {
    what: "a label that another process's objects carry: take the owner of localEngine",
    pattern: /paceline\.test(?:=|': ')[\w-]/,
  },
  { what: 'a folder that others may use: make one with temporaryFolder', pattern: /(['"`])\/tmp\// },
  {
    what: 'a command of Paceline with ports and data of others: start it with the environment of test/support/paceline.ts',
    pattern: /env: \{ \.\.\.process\.env,[^}]*PACELINE_/,
  },
];

test.each(RULES)('no test uses $what', ({ pattern, except }) => {
  const found = FILES.flatMap((file) => {
    const text = readFileSync(`${ROOT}/${file}`, 'utf8');
    const all = new RegExp(pattern, `${pattern.flags}g`);
    return [...text.matchAll(all)].flatMap(({ index }) => {
      const line = text.slice(0, index).split('\n').length;
      const shown = text.split('\n')[line - 1]!.trim();
      return except?.test(shown) ? [] : [`${file}:${line}: ${shown}`];
    });
  });
  expect(found).toEqual([]);
});

test.each([
  [0, "address: '127.0.0.1:7233'"],
  [1, 'await startServer({ temporalBinary, dataDirectory })'],
  [1, 'choosePorts({})'],
  [2, "server.listen({ host: '127.0.0.1', port: 8080 })"],
  [3, "const IMAGE = 'paceline-test-image:1';"],
  [4, "docker('ps', '--filter', 'label=paceline.test=reap')"],
  [4, "labels: { 'paceline.test': 'build' }"],
  [5, "mkdirSync('/tmp/x')"],
  [6, "{ env: { ...process.env, PACELINE_QUIET_SECONDS: '0' } }"],
])('rule %i would find %s', (rule, text) => {
  expect(text).toMatch(RULES[rule]!.pattern);
});
