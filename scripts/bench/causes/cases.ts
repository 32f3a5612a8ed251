/** The injected causes: what is changed of the project, which figure shows it, and what has to be named first. */
import type { CauseClass } from '../../../src/model/cause.ts';

export interface CauseCase {
  readonly id: string;
  /** The title of the figure that moves; null where none may. */
  readonly figure: string | null;
  readonly scenario: 'Alone' | 'Two Workers';
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
const [COLD, CHANGE, STARTUP] = ['Docker build (cold)', 'Docker build (source-change)', 'Service start-up'];

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
  startup('interval', cacheKeys('interval: 1s', 'interval: 6s'), ['healthcheck'], 'cache', 'interval'),
  startup('start-period', cacheKeys('interval: 1s', 'interval: 1s\n      start_period: 30s'), ['healthcheck'], 'cache', 'start_period'),
  startup(
    'edge',
    [
      ['      retries: 60\n\n  cache:', '      retries: 60\n\n  cache:\n    depends_on:\n      db:\n        condition: service_healthy'],
      ['command: redis-server', 'command: sh -c "sleep 2; exec redis-server'],
      ['--appendonly no', '--appendonly no"'],
    ],
    ['dependencyEdge', 'readiness'],
    'cache',
  ),
  startup(
    'slow-service',
    [
      ['command: redis-server', 'command: sh -c "sleep 6; exec redis-server'],
      ['--appendonly no', '--appendonly no"'],
    ],
    ['readiness'],
    'cache',
    'command',
  ),
  {
    id: 'init-script',
    figure: STARTUP,
    scenario: 'Alone',
    edits: { 'db/init.sql': [['CREATE', 'SELECT pg_sleep(5);\nCREATE']] },
    classes: ['readiness'],
    name: 'db',
  },
  startup(
    'new-service',
    [
      [
        '\n  cache:',
        '\n  search:\n    image: ${REDIS_IMAGE:-redis:7}\n    command: sh -c "sleep 7; exec redis-server"\n    healthcheck:\n      test: ["CMD", "redis-cli", "ping"]\n      interval: 1s\n\n  cache:',
      ],
    ],
    ['newService'],
    'search',
  ),
  tests('slow-test', { 'tests/test_reports.py': [['    assert True', '    time.sleep(3)']] }, ['test'], 'test_last'),
  tests('slow-fixture', { 'tests/conftest.py': [['import pytest', 'import time\n\nimport pytest'], ['    with socket', '    time.sleep(3)\n    with socket']] }, ['fixture'], 'cache'),
  tests('slow-tear-down', { 'tests/conftest.py': [['import pytest', 'import time\n\nimport pytest'], ['        yield connection', '        yield connection\n        time.sleep(3)']] }, ['fixture'], 'cache'),
  tests('many-tests', { 'shop/prices.py': [['sleep(0.05)', 'sleep(0.15)']] }, ['manyTests'], '30 tests'),
  tests('new-tests', { 'tests/test_stock.py': 'import time\n\nimport pytest\n\n\n@pytest.mark.parametrize("number", range(30))\ndef test_stock(number):\n    time.sleep(0.1)\n' }, ['newTests'], 'test_stock.py'),
  tests('removed-tests', { 'tests/test_carts.py': null, 'tests/test_orders.py': null }, ['removedTests'], '38 tests'),
  tests('collection', { 'tests/test_orders.py': [['import pytest', 'import time\n\nimport pytest\n\ntime.sleep(3)']] }, ['collection'], ''),
  tests('coverage', { 'pytest.ini': [['-q', '-q --cov=shop']] }, ['coverage'], 'cov'),
  tests('cpu-limit', { [COMPOSE]: [['    environment:\n      CACHE', '    cpus: 0.4\n    environment:\n      CACHE']] }, ['limit'], 'cpu'),
  tests('load-file', { 'pytest.ini': [['-q', '-q --dist=loadfile']] }, ['imbalance'], 'dist', 'Two Workers'),
  tests('command', { 'paceline.yml': [['command: python -m pytest,', 'command: sh -c "sleep 3; exec python -m pytest",']] }, ['step'], ''),
  tests('leaking-test', {
    'tests/test_carts.py': [
      ['from shop', 'import threading\n\nfrom shop'],
      ['    assert', '    if number == 10:\n        threading.Thread(target=spin, daemon=True).start()\n    assert'],
      ['@pytest', 'def spin():\n    while True:\n        pass\n\n\n@pytest'],
    ],
  }, ['test'], 'test_cart[10]'),
  none('comment', { 'shop/prices.py': [['"""What', '"""This is what']] }),
  none('documentation', { 'README.md': 'How to run the tests.\n' }),
];

/** Only the healthcheck of the service `cache`: it is the last one of the file. */
function cacheKeys(from: string, to: string): Extract<Edit, readonly unknown[]> {
  return [[`ping"]\n      ${from}`, `ping"]\n      ${to}`]];
}

function build(id: string, figure: string, edit: Edit, classes: readonly CauseClass[], name: string): CauseCase {
  return { id, figure, scenario: 'Alone', edits: { 'Dockerfile.test': edit }, classes, name };
}

function startup(id: string, edit: Edit, classes: readonly CauseClass[], name: string, evidence?: string): CauseCase {
  return {
    id,
    figure: STARTUP,
    scenario: 'Alone',
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
