/** The injected causes: what is changed of the project, which figure shows it, and what has to be named first. */
import type { CauseClass } from '../../../src/model/cause.ts';

export interface CauseCase {
  readonly id: string;
  /** The title of the figure that moves; null where none may. */
  readonly figure: string | null;
  /** The shortest one for figures before the tests. */
  readonly scenario: 'Smoke' | 'Alone' | 'Two Workers';
  /** By file: text to replace with its replacement, or the whole new content. null: the file is deleted. */
  readonly edits: Readonly<Record<string, Edit>>;
  /** Any of these is right. */
  readonly classes: readonly CauseClass[];
  /** The name of the first cause contains it. */
  readonly name: string;
  /** The evidence of the first cause contains this text. */
  readonly evidence?: string;
}

export type Edit = readonly (readonly [from: string, to: string])[] | string | null;

const COMPOSE = 'docker-compose.test.yml';
const [COLD, CHANGE, STARTUP] = ['Docker build (cold)', 'Docker build (after a source change)', 'Service start-up'];

export const CASES: readonly CauseCase[] = [
  build('new-step', COLD, [['RUN echo compile', 'RUN echo lint && sleep 3\nRUN echo compile']], ['newStep'], 'lint'),
  build('longer-step', COLD, [['sleep 2', 'sleep 5']], ['step'], 'echo install'),
  build('base-image', COLD, [['causes:python', 'causes:heavy']], ['baseImage'], 'paceline-bench-causes:heavy'),
  build(
    'source-before-install',
    CHANGE,
    [
      ['COPY requirements.txt .\n', 'COPY . .\n'],
      ['COPY . .\nRUN echo compile', 'RUN echo compile'],
    ],
    ['cacheMiss'],
    'COPY . .',
  ),
  startup('interval', [['interval: 1s', 'interval: 6s']], ['healthcheck'], 'db', 'interval'),
  startup(
    'start-period',
    // Engines differ in the interval within the period if none is written.
    [['interval: 1s', 'interval: 1s\n      start_period: 30s\n      start_interval: 6s']],
    ['healthcheck'],
    'db',
    'start_period',
  ),
  startup(
    'edge',
    [['\n\n  cache:\n', '\n\n  cache:\n    depends_on:\n      db:\n        condition: service_healthy\n']],
    ['dependencyEdge'],
    'cache',
    'depends_on',
  ),
  startup('slow-service', [["'sleep 1;", "'sleep 8;"]], ['readiness'], 'cache', 'command'),
  startup(
    'new-service',
    [
      [
        '\n\n  cache:\n',
        "\n\n  search:\n    image: ${REDIS_IMAGE:-redis:7}\n    command: sh -c 'sleep 8; exec redis-server --protected-mode no'\n    healthcheck:\n      test: redis-cli ping\n      interval: 1s\n      retries: 60\n\n  cache:\n",
      ],
    ],
    ['newService'],
    'search',
  ),
  {
    id: 'init-script',
    figure: STARTUP,
    scenario: 'Smoke',
    edits: { 'db/start.sh': [['sleep 2', 'sleep 7']] },
    classes: ['readiness'],
    name: 'db',
  },
  tests('slow-test', { 'tests/test_reports.py': [['    assert True', '    time.sleep(3)']] }, ['test'], 'test_last'),
  tests(
    'slow-fixture',
    {
      'tests/conftest.py': [
        ['import pytest', 'import time\n\nimport pytest'],
        ['    with socket', '    time.sleep(3)\n    with socket'],
      ],
    },
    ['fixture'],
    'cache',
  ),
  tests(
    'slow-tear-down',
    {
      'tests/conftest.py': [
        ['import pytest', 'import time\n\nimport pytest'],
        ['        yield connection', '        yield connection\n        time.sleep(3)'],
      ],
    },
    ['fixture'],
    'cache',
  ),
  tests('many-tests', { 'shop/prices.py': [['sleep(0.05)', 'sleep(0.15)']] }, ['manyTests'], '30 tests'),
  tests(
    'new-tests',
    {
      'tests/test_stock.py':
        'import time\n\nimport pytest\n\n\n@pytest.mark.parametrize("number", range(30))\ndef test_stock(number):\n    time.sleep(0.1)\n',
    },
    ['newTests'],
    'test_stock.py',
  ),
  tests('removed-tests', { 'tests/test_carts.py': null, 'tests/test_orders.py': null }, ['removedTests'], ' tests'),
  tests(
    'collection',
    { 'tests/test_orders.py': [['import pytest', 'import time\n\nimport pytest\n\ntime.sleep(3)']] },
    ['collection'],
    '',
  ),
  tests('coverage', { 'pytest.ini': [['-q', '-q --cov=shop']] }, ['coverage'], 'cov'),
  tests(
    'cpu-limit',
    { [COMPOSE]: [['    environment:\n      CACHE', '    cpus: 0.15\n    environment:\n      CACHE']] },
    ['limit'],
    'cpu',
  ),
  tests('load-file', { 'pytest.ini': [['-q', '-q --dist=loadfile']] }, ['imbalance'], 'dist', 'Two Workers'),
  tests(
    'command',
    { 'paceline.yml': [['command: python -m pytest,', 'command: sh -c "sleep 3; exec python -m pytest",']] },
    ['step'],
    '',
  ),
  tests(
    'leaking-test',
    {
      'tests/test_carts.py': [
        ['import pytest', 'import time\n\nimport pytest'],
        [
          '    assert',
          '    if number == 10:\n        sleep = time.sleep\n        time.sleep = lambda seconds: sleep(seconds + 0.1)\n    assert',
        ],
      ],
    },
    ['test'],
    'test_cart[10]',
  ),
  {
    id: 'ignores-sigterm',
    figure: 'Tear-down of the services',
    scenario: 'Smoke',
    // Without `exec` the shell is process 1, which passes no signal on.
    edits: {
      [COMPOSE]: [
        ["'sleep 1; exec redis-server", "'sleep 1; redis-server"],
        ["--appendonly no'", "--appendonly no; true'"],
      ],
    },
    classes: ['stopSignal'],
    name: 'cache',
    evidence: 'command',
  },
  none('comment', { 'shop/prices.py': [['"""What', '"""This is what']] }),
  none('documentation', { 'README.md': 'How to run the tests.\n' }),
];

function build(id: string, figure: string, edit: Edit, classes: readonly CauseClass[], name: string): CauseCase {
  return { id, figure, scenario: 'Smoke', edits: { 'Dockerfile.test': edit }, classes, name };
}

function startup(id: string, edit: Edit, classes: readonly CauseClass[], name: string, evidence?: string): CauseCase {
  return {
    id,
    figure: STARTUP,
    scenario: 'Smoke',
    edits: { [COMPOSE]: edit },
    classes,
    name,
    ...(evidence === undefined ? {} : { evidence }),
  };
}

function tests(
  id: string,
  edits: CauseCase['edits'],
  classes: readonly CauseClass[],
  name: string,
  scenario: CauseCase['scenario'] = 'Alone',
): CauseCase {
  return { id, figure: scenario, scenario, edits, classes, name };
}

function none(id: string, edits: CauseCase['edits']): CauseCase {
  return { id, figure: null, scenario: 'Alone', edits, classes: [], name: '' };
}
