import { expect, test } from 'vitest';
import { loadWorkspace, saveWorkspace, type Workspace } from '../../../src/activities/support/workspace.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const RUN = { workflowId: 'benchmark/shop/1', runId: 'run-1' };

test('what one activity saved is what the next one loads', async () => {
  const dataDirectory = temporaryFolder();
  const workspace = { sourceDirectory: '/data/source', maxTries: 3 } as Workspace;
  await saveWorkspace(dataDirectory, RUN, workspace);
  expect(await loadWorkspace(dataDirectory, RUN)).toEqual(workspace);
});

test('where nothing was prepared it is said at once, and not tried again', async () => {
  const dataDirectory = temporaryFolder();
  await expect(loadWorkspace(dataDirectory, RUN)).rejects.toMatchObject({
    problem: { type: 'RunUnknown', what: `Run run-1 is not prepared in ${dataDirectory}.` },
  });
});
