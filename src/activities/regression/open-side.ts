import { activity } from '../support/attempt.ts';
import type { Make } from '../support/deps.ts';
import { loadWorkspace, saveWorkspace } from '../support/workspace.ts';

/** Rows of kind `comparison`: never a baseline. What is taken from another run is read in place, not copied. */
export const openSide: Make<'openSide'> = ({ store, instance, host, dataDirectory }) =>
  activity({ phase: 'preparing' }, async ({ run, parent, source, startedAt, from }) => {
    await store.openRun({ run, instance, source, startedAt, kind: 'comparison', parent: parent.runId });
    await store.addHost(run, host);
    if (from === undefined) return;
    const facts = await store.loadFacts(from.run);
    const workspace = await loadWorkspace(dataDirectory, from.run);
    const modes = from.modes ?? workspace.plan.build.modes;
    const plan = { ...workspace.plan, build: { ...workspace.plan.build, modes } };
    if (facts.source !== null) await store.setSource(run, facts.source);
    await store.setPlan(run, {
      plan,
      service: facts.service,
      project: facts.project,
      standIns: facts.standIns,
    });
    await saveWorkspace(dataDirectory, run, { ...workspace, plan });
  });
