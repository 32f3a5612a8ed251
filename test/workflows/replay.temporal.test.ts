import { readdirSync, readFileSync } from 'node:fs';
import { DeterminismViolationError } from '@temporalio/workflow';
import { Worker } from '@temporalio/worker';
import { describe, expect, it } from 'vitest';
import { sharedBundle } from '../support/shared-temporal.ts';

const FOLDER = new URL('../histories/', import.meta.url);
const NAMES = readdirSync(FOLDER).map((file) => file.replace(/\.json$/, ''));

const bundle = sharedBundle();

interface RecordedHistory {
  readonly events: {
    readonly workflowExecutionStartedEventAttributes?: { readonly workflowType: { readonly name: string } };
    readonly activityTaskScheduledEventAttributes?: { readonly activityType?: { name: string } };
  }[];
}

function recorded(name: string): RecordedHistory {
  return JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8'));
}

async function replay(workflowId: string, history: unknown): Promise<unknown> {
  const results = Worker.runReplayHistories({ workflowBundle: bundle }, [{ workflowId, history }]);
  for await (const { error } of results) return error;
  throw new Error('nothing was replayed');
}

describe('the workflows of today', () => {
  it.each(NAMES)('decide as they did when %s was recorded', async (name) => {
    const history = recorded(name);
    const type = history.events[0]?.workflowExecutionStartedEventAttributes?.workflowType.name;
    // Children are named after their parent.
    expect(await replay(`${type}/fake/${name}`, history)).toBeUndefined();
  });

  it('are caught where they would decide otherwise', async () => {
    const history = recorded('success');
    const build = history.events.find(
      (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'buildImages',
    );
    build!.activityTaskScheduledEventAttributes!.activityType!.name = 'somethingElse';
    expect(await replay('benchmark/fake/success', history)).toBeInstanceOf(DeterminismViolationError);
  });
});
