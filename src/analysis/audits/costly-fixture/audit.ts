import type { FixtureCost } from '../../../model/profile/pytest-profile.ts';
import type { FileText } from '../../../model/project-files.ts';
import { figure } from '../../../format/figure.ts';
import { makePatch } from '../../patches/make-patch.ts';
import { type Audit, type Finding, savesBetween } from '../audit.ts';
import { NOT_SEEN, type Primary, primaryOf } from '../support/primary.ts';

/** Seconds of all set-ups of a fixture, except the one that each process needs. */
export const WORTH_SECONDS = 1;
const NARROW = new Set(['function', 'class', 'module', 'package']);
/** What pytest and its plugins make again for each test. */
const PER_TEST = new Set([
  'tmp_path',
  'tmpdir',
  'monkeypatch',
  'capsys',
  'capfd',
  'caplog',
  'request',
  'mocker',
  'recwarn',
  'testdir',
  'pytester',
]);

/** A fixture that gives each test the same, and that no test changes, can be made once. Its value was compared before and after the tests. */
export const costlyFixture: Audit = {
  id: 'costly-fixture',
  title: 'A costly fixture is set up again for each test',
  ok: 'No costly fixture is set up more often than needed.',
  requires: ['pytest'],
  audit: (context) => {
    const primary = primaryOf(context);
    if (primary === null) return [{ kind: 'inconclusive', reason: NOT_SEEN }];
    const costly = primary.pytest.fixtures.filter((fixture) => savedSeconds(primary, fixture) >= WORTH_SECONDS);
    if (costly.length > 0 && costly.every(({ value }) => value === undefined)) {
      return [{ kind: 'inconclusive', reason: 'Whether tests change what fixtures return was not recorded.' }];
    }
    return costly.flatMap((fixture) => finding(primary, fixture));
  },
};

/** If it were set up once in each process. */
function savedSeconds({ processes }: Primary, { scope, count, seconds, teardown }: FixtureCost): number {
  if (!NARROW.has(scope) || count <= processes) return 0;
  return ((seconds + (teardown ?? 0)) * (count - processes)) / count / processes;
}

function finding(primary: Primary, fixture: FixtureCost): Finding[] {
  const { scenario, pytest, caveats } = primary;
  const { name, scope, count, seconds, teardown, definition } = fixture;
  // The others are not safe: a shared value would let one test see what another did, or give two tests one unique name.
  if (fixture.value !== 'same' || usesNarrower(fixture, pytest.fixtures)) return [];
  const value = savedSeconds(primary, fixture);
  const line = definition?.line ?? null;
  const patch = patchOf(fixture);
  return [
    {
      kind: 'opportunity',
      message: `Give the fixture ${name} the scope session: it is set up ${count} times, returns an equal value each time, and no test changes it.`,
      evidence: [
        `${count} set-ups took ${figure(seconds, 'second')}${teardown === null || teardown < 0.1 ? '' : `, and their tear-downs ${figure(teardown, 'second')}`}; scope ${scope}`,
        ...caveats,
      ],
      where: definition == null || line === null ? null : { file: definition.file, line },
      saves: savesBetween('test.duration', { value, low: value * 0.7, high: value * 1.2 }, scenario.name),
      remedy:
        patch === null
          ? { kind: 'steps', steps: [`Write \`@pytest.fixture(scope="session")\` above ${name}.`] }
          : { kind: 'patch', patch },
    },
  ];
}

/** pytest refuses a wide fixture that asks for a narrow one. */
function usesNarrower({ definition }: FixtureCost, fixtures: readonly FixtureCost[]): boolean {
  const text = definition?.lines.join(' ') ?? '';
  const [, parameters = ''] = /\bdef\s+\w+\s*\(([^)]*)/.exec(text) ?? [];
  const names = parameters.split(',').map((each) => each.trim().split(/[:=\s]/)[0] ?? '');
  return names.some(
    (each) => PER_TEST.has(each) || fixtures.some((other) => other.name === each && NARROW.has(other.scope)),
  );
}

/** The decorator's own line; the lines around it are not known beyond the definition. */
function patchOf({ definition }: FixtureCost): string | null {
  if (definition == null) return null;
  const { file, line, lines } = definition;
  const at = lines.findIndex((each) => /^\s*@(?:\w+\.)*fixture\b/.test(each));
  const decorator = lines[at];
  if (decorator === undefined) return null;
  const wider = widened(decorator);
  if (wider === null) return null;
  const text: FileText = {
    file,
    lines: [...Array.from<null>({ length: line - 1 }).fill(null), ...lines],
    endsWithNewline: true,
    crlf: false,
  };
  return makePatch({ texts: [text] }, [{ kind: 'replace', file, line: line + at, endLine: line + at, lines: [wider] }]);
}

function widened(decorator: string): string | null {
  if (/scope\s*=\s*["']\w+["']/.test(decorator)) return decorator.replace(/scope\s*=\s*["']\w+["']/, 'scope="session"');
  if (/scope\s*=/.test(decorator)) return null;
  const call = /^(\s*@(?:\w+\.)*fixture)\s*(?:\((.*))?$/.exec(decorator.trimEnd());
  if (call === null) return null;
  const [, head = '', rest] = call;
  if (rest === undefined) return `${head}(scope="session")`;
  if (rest.trim() === '') return `${head}(scope="session",`;
  return `${head}(scope="session"${rest.trim() === ')' ? ')' : `, ${rest}`}`;
}
