import { describe, expect, it } from 'vitest';
import { sampleOf, sideOf, workflowRunOf } from '../../src/model/side.ts';
import { runFolder } from '../../src/data/directory.ts';
import { runStates } from '../../src/worker/run-states.ts';

const RUN = { workflowId: 'benchmark/shop/1a2b3c4/confirm', runId: '0193-ab-base-head' };

describe('the sides of a comparison', () => {
  it.each([
    [sideOf(RUN, 'base'), `${RUN.runId}.base`],
    [sideOf(RUN, 'base', { variant: 2 }), `${RUN.runId}.base2`],
    [sampleOf(sideOf(RUN, 'head'), 3), `${RUN.runId}.head-3`],
    [sampleOf(sideOf(RUN, 'base', { variant: 2 }), 1_004), `${RUN.runId}.base2-1004`],
  ])('have a run id each, which is a folder, and lead back to the run that Temporal knows', (side, runId) => {
    expect(side.runId).toBe(runId);
    expect(runFolder('/data', side.runId)).toBe(`/data/runs/${runId}`);
    expect(workflowRunOf(side)).toEqual(RUN);
  });

  it('leave any other run as it is', () => {
    expect(workflowRunOf(RUN)).toEqual(RUN);
  });

  it('are open as long as their workflow is: the reaper asks the server for that one', async () => {
    const asked: unknown[] = [];
    const client = {
      withDeadline: (_: number, work: () => Promise<unknown>) => work(),
      workflow: {
        getHandle: (...ids: unknown[]) => {
          asked.push(ids);
          return { describe: async () => ({ status: { name: 'RUNNING' } }) };
        },
      },
    };
    expect(await runStates(client as never, () => true)(sampleOf(sideOf(RUN, 'base'), 2))).toBe('open');
    expect(asked).toEqual([[RUN.workflowId, RUN.runId]]);
  });
});
