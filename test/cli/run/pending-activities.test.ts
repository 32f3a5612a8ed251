import { defaultPayloadConverter } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import { failing, waiting } from '../../../src/cli/run/pending-activities.ts';
import type { Heartbeat } from '../../../src/model/activities.ts';

describe('an activity that has not ended', () => {
  test.each<[string, Heartbeat, string | null]>([
    [
      'says what it waits for',
      { phase: 'waiting', note: 'for a quiet machine, 28 s at most: only 20 % of its CPUs were idle' },
      'Waiting for a quiet machine, 28 s at most: only 20 % of its CPUs were idle.',
    ],
    ['says nothing of a lane that it waits for', { phase: 'waiting' }, null],
    ['says nothing of its work', { phase: 'testing', note: 'Full Test Suite' }, null],
  ])('%s', (_, beat, text) => {
    const heartbeatDetails = { payloads: [defaultPayloadConverter.toPayload(beat)] };
    expect(waiting({ activityId: '7', heartbeatDetails })).toEqual(text === null ? [] : [{ key: '7 waits', text }]);
  });

  test('that has sent no heartbeat waits for nothing', () => {
    expect(waiting({ activityId: '7' })).toEqual([]);
  });

  test('that fails is reported from the third time on', () => {
    const activity = { activityType: { name: 'buildImages' }, lastFailure: { message: 'no space' } };
    const text = '`buildImages` fails and is retried: no space';
    expect(failing({ ...activity, attempt: 2 })).toEqual([]);
    expect(failing({ ...activity, attempt: 3 })).toEqual([{ key: text, text }]);
  });
});
