import { describe, expect, test } from 'vitest';
import { GroupsView } from '../../src/cli/run/groups-view.ts';
import { LegacyView } from '../../src/cli/run/legacy-view.ts';
import type { ProgressView } from '../../src/cli/run/progress-view.ts';
import { workflowIdOf } from '../../src/cli/run/workflow-id.ts';
import { scheduleSpec } from '../../src/cli/schedule/times.ts';
import type { Progress, Step } from '../../src/model/progress.ts';

const step = (id: string, state: Step['state']): Step => ({
  id,
  title: id,
  state,
  startedAtMs: state === 'pending' ? null : 0,
  targetSeconds: null,
  seconds: state === 'done' ? 1 : null,
  verdict: state === 'done' ? 'pass' : null,
  note: null,
});
const progress = (...steps: Step[]): Progress => ({ project: 'shop', commit: null, steps, notes: [], result: null });

describe('workflow ids', () => {
  const nowMs = Date.UTC(2026, 6, 24, 2, 30, 5);
  test.each([
    ['shop', '1a2b3c4d5e', 'benchmark/shop/1a2b3c4/20260724-023005'],
    ['shop', null, 'benchmark/shop/nogit/20260724-023005'],
    ['My shop/α', null, 'benchmark/My-shop-α/nogit/20260724-023005'],
    ['/', null, 'benchmark/project/nogit/20260724-023005'],
  ])('%s at %s is %s', (project, commit, id) => {
    expect(workflowIdOf({ project, commit, nowMs })).toBe(id);
  });
});

describe("a schedule's time", () => {
  test.each([
    [{ at: '02:30' }, { calendars: [{ hour: 2, minute: 30, comment: 'every day at 02:30' }], timezone: 'UTC' }],
    [{ cron: '30 2 * * 1-5' }, { cronExpressions: ['30 2 * * 1-5'], timezone: 'UTC' }],
  ])('%j', (when, spec) => {
    expect(scheduleSpec({ ...when, timeZone: 'UTC' })).toEqual(spec);
  });
});

describe("the legacy script's lines", () => {
  const silent: ProgressView = { show: () => {}, line: () => {}, close: () => {} };
  const said = (...answers: Progress[]): string => {
    let text = '';
    const view = new LegacyView((more) => (text += more), silent);
    for (const answer of answers) view.show(answer);
    return text;
  };

  test('appear once each, when their phases start', () => {
    const before = progress(step('build:cold', 'pending'), step('startup', 'pending'), step('trial:a:1', 'pending'));
    const building = progress(step('build:cold', 'running'), step('startup', 'pending'), step('trial:a:1', 'pending'));
    const starting = progress(step('build:cold', 'done'), step('startup', 'running'), step('trial:a:1', 'pending'));
    const testing = progress(step('build:cold', 'done'), step('startup', 'done'), step('trial:a:1', 'running'));
    expect(said(before)).toBe('');
    expect(said(before, building)).toBe('Building Docker image...\n');
    expect(said(building, building, starting)).toBe('Building Docker image...\nStarting services...\n');
    expect(said(building, starting, testing, testing)).toBe(
      'Building Docker image...\nStarting services...\nRunning tests...\n',
    );
  });

  test('a phase that the project does not have is announced with the next one', () => {
    expect(said(progress(step('trial:a:1', 'running')))).toBe(
      'Building Docker image...\nStarting services...\nRunning tests...\n',
    );
  });
});

describe('groups under GitHub Actions', () => {
  test('are never nested, and the last one is closed', () => {
    let text = '';
    const view = new GroupsView((more) => (text += more));
    view.show(progress(step('prepare', 'running')));
    view.show(progress(step('prepare', 'done'), step('build:cold', 'running')));
    view.show(
      progress(
        step('prepare', 'done'),
        step('build:cold', 'done'),
        step('trial:a:1', 'running'),
        step('trial:b:1', 'running'),
      ),
    );
    view.close();
    const commands = text.split('\n').filter((line) => line.startsWith('::'));
    expect(commands).toEqual([
      '::group::Prepare',
      '::endgroup::',
      '::group::Build images',
      '::endgroup::',
      '::group::Run tests',
      '::endgroup::',
    ]);
    expect(text.indexOf('trial:b:1')).toBeGreaterThan(text.indexOf('::group::Run tests'));
  });
});
