/** Schedules on the real server. */
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { changeSchedule } from '../../src/cli/schedule/change.ts';
import { putSchedule, type ScheduleRequest } from '../../src/cli/schedule/put.ts';
import { describeSchedule, listSchedules } from '../../src/cli/schedule/show.ts';
import { ownNamespace } from '../support/shared-temporal.ts';

let server: TestWorkflowEnvironment;

beforeAll(async () => {
  server = await ownNamespace();
});
afterAll(() => server.teardown());

const REQUEST: ScheduleRequest = {
  project: 'My shop',
  source: { path: '/srv/shop' },
  at: '02:30',
  timeZone: 'Europe/Berlin',
  catchUpHours: 2,
  note: 'nightly',
};

test('a schedule is created once, updated in place, and stays paused when it is updated', async () => {
  const { client } = server;
  expect(await putSchedule(client, REQUEST)).toMatch(
    /^Created schedule My-shop\. Next run: \d{4}-\d\d-\d\d 02:30 Europe\/Berlin \(0[01]:30 UTC\)\.$/,
  );
  expect(await changeSchedule(client, 'pause', 'My-shop', 'moving house')).toBe('Paused.');
  const { note: _, ...again } = REQUEST;
  expect(await putSchedule(client, { ...again, at: '03:15' })).toMatch(/^Updated schedule My-shop\. It is paused\.$/);

  const described = await client.schedule.getHandle('My-shop').describe();
  expect(described.policies).toMatchObject({ overlap: 'SKIP', catchupWindow: 2 * 3_600_000 });
  expect(described.state).toMatchObject({ paused: true, note: 'nightly (paused: moving house)' });
  expect(described.action).toMatchObject({
    workflowId: 'benchmark/My-shop/scheduled',
    workflowType: 'benchmark',
    taskQueue: 'paceline',
    // No plan: thresholds are the project's own at the commit that is measured.
    args: [{ source: { path: '/srv/shop' } }],
  });
  const shown = await describeSchedule(client, 'My-shop');
  expect(shown).toContain('every day at 03:15 (Europe/Berlin)');
  expect(shown).toContain('Benchmarks  /srv/shop\n');
  expect(shown).toContain('Overlap     a run is skipped while the previous one is still running\n');
  expect(shown).toContain('Next runs   none while it is paused\n');
  await expect.poll(() => listSchedules(client), { timeout: 20_000 }).toMatch(/^My-shop +paused +– /m);
});

test('a missing schedule is reported with the command that lists schedules', async () => {
  await expect(changeSchedule(server.client, 'trigger', 'nope')).rejects.toMatchObject({
    problem: { what: 'There is no schedule `nope`.', next: '`paceline schedule list` lists all schedules.' },
  });
});

test('a triggered schedule starts a run under a readable id; a deleted one is gone', async () => {
  const { client } = server;
  await putSchedule(client, { ...REQUEST, id: 'now' });
  await changeSchedule(client, 'trigger', 'now');
  await expect
    .poll(() => describeSchedule(client, 'now'), { timeout: 20_000 })
    .toMatch(/Last runs {3}benchmark\/My-shop\/scheduled-\d{4}-/);
  await expect.poll(() => listSchedules(client), { timeout: 20_000 }).toMatch(/^now +active +\d{4}-/m);
  expect(await changeSchedule(client, 'delete', 'now')).toBe('Deleted.');
  await expect(describeSchedule(client, 'now')).rejects.toThrow('There is no schedule `now`.');
});

test('shows the reason of the server for refusing times, and creates or changes nothing', async () => {
  const { client } = server;
  const { at: _, ...rest } = { ...REQUEST, id: 'odd' };
  const refused = { problem: { type: 'WrongUsage', what: expect.stringContaining('Minute is not in range') } };
  await expect(putSchedule(client, { ...rest, cron: '99 2 * * *' })).rejects.toMatchObject(refused);
  await expect(describeSchedule(client, 'odd')).rejects.toThrow('There is no schedule `odd`.');
  await putSchedule(client, { ...rest, cron: '30 2 * * 1-5' });
  await expect(putSchedule(client, { ...rest, cron: '99 2 * * *' })).rejects.toMatchObject(refused);
  expect(await describeSchedule(client, 'odd')).toContain('30 2 * * MON-FRI (Europe/Berlin)');
});

test("pausing keeps the schedule's note unless it is given another", async () => {
  const { client } = server;
  await putSchedule(client, { ...REQUEST, id: 'noted' });
  const note = async () => (await client.schedule.getHandle('noted').describe()).state.note;
  await changeSchedule(client, 'pause', 'noted');
  expect(await note()).toBe('nightly');
  await changeSchedule(client, 'unpause', 'noted', 'back home');
  expect(await note()).toBe('back home');
  await changeSchedule(client, 'pause', 'noted', 'moving again');
  expect(await note()).toBe('back home (paused: moving again)');
  await changeSchedule(client, 'unpause', 'noted');
  expect(await note()).toBe('back home');
});

test.each([
  ['Europe/Berlin', '02:30', '2027-03-28', 0, 0],
  ['Europe/Berlin', '02:30', '2027-10-31', 1, 2],
  ['Europe/Berlin', '04:00', '2027-03-28', 1, 1],
  ['Europe/Berlin', '04:00', '2027-10-31', 1, 1],
  ['America/New_York', '02:30', '2027-03-14', 0, 0],
  ['America/New_York', '01:30', '2027-11-07', 1, 2],
  ['Africa/Cairo', '00:00', '2027-04-30', 0, 0],
  ['Pacific/Auckland', '02:30', '2027-09-26', 0, 0],
  ['America/Santiago', '00:30', '2027-09-05', 0, 0],
  ['America/Santiago', '23:30', '2027-04-03', 1, 2],
  ['Antarctica/Troll', '01:30', '2027-03-28', 0, 0],
  ['Antarctica/Troll', '02:30', '2027-03-28', 0, 0],
  ['Australia/Lord_Howe', '02:15', '2027-10-03', 0, 1],
  ['Australia/Lord_Howe', '01:45', '2027-04-04', 1, 2],
])(
  'on clock changes the server does what `create` announces: in %s at %s on %s',
  async (timeZone, at, day, least, most) => {
    const { client } = server;
    const scheduleId = `clocks ${timeZone} ${at} ${day}`.replaceAll(/[^\w-]/g, '-');
    await putSchedule(client, { ...REQUEST, id: scheduleId, at, timeZone });
    const noon = Date.parse(`${day}T12:00:00Z`);
    const seconds = (ms: number) => ({ seconds: Math.floor(ms / 1000) as never, nanos: 0 });
    const { startTime } = await client.workflowService.listScheduleMatchingTimes({
      namespace: server.namespace ?? '',
      scheduleId,
      startTime: seconds(noon - 36 * 3_600_000),
      endTime: seconds(noon + 36 * 3_600_000),
    });
    const localDay = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' });
    const runs = (startTime ?? []).filter((time) => localDay.format(Number(time.seconds) * 1000) === day).length;
    expect(runs).toBeGreaterThanOrEqual(least);
    expect(runs).toBeLessThanOrEqual(most);
  },
);
