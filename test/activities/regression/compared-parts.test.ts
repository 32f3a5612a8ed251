import { expect, test } from 'vitest';
import type { ActivityDeps } from '../../../src/activities/support/deps.ts';
import { comparedParts } from '../../../src/activities/regression/compare-pairs.ts';
import { saveWorkspace, type Workspace } from '../../../src/activities/support/workspace.ts';
import { mockActivity } from '../../support/mock-activity.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const RUN = { workflowId: 'compare/shop', runId: 'r.head' };
const BUILDS = [
  { phase: 'build', mode: 'cold' },
  { phase: 'build', mode: 'warm' },
];
const FULL = { phase: 'test', scenario: 'full' };
const QUICK = { phase: 'test', scenario: 'quick' };

test.each([
  ['nothing asked for', {}, [...BUILDS, { phase: 'startup' }, FULL, QUICK]],
  ['one scenario, and nothing of the rest', { scenarios: ['Quick Tests'] }, [QUICK]],
  ['a phase', { phases: ['build.cold'] as const }, [BUILDS[0]]],
  [
    'a phase and a scenario',
    { phases: ['startup', 'test'] as const, scenarios: ['full'] },
    [{ phase: 'startup' }, FULL],
  ],
])('%s', async (_, asked, parts) => {
  const dataDirectory = temporaryFolder();
  const workspace = {
    plan: {
      scenarios: [
        { id: 'full', name: 'Full' },
        { id: 'quick', name: 'Quick Tests' },
      ],
    },
    project: { builds: [{}], services: ['redis'] },
  } as unknown as Workspace;
  await saveWorkspace(dataDirectory, RUN, workspace);
  const activity = comparedParts({ dataDirectory } as ActivityDeps);
  expect(await mockActivity().run(activity, { run: RUN, ...asked })).toEqual(parts);
});
