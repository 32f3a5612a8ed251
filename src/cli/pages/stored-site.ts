/** The pages of the store: the newest runs, and the report of each. */
import { link, table, type Cell } from '../../report/blocks.ts';
import type { Page } from '../../report/page.ts';
import { runPage } from '../../report/pages/run.ts';
import type { Site } from '../../site/site.ts';
import type { RunSummary, Store } from '../../store/store.ts';
import { verifiedResult } from '../advise/verified-result.ts';

const RUNS_SHOWN = 200;
const RUN = /^\/runs\/([^/]+)\/$/;

export function storedSite(store: Store): Site {
  return {
    page: async (path) => {
      if (path === '/') return firstPage(await store.listRuns({ limit: RUNS_SHOWN }));
      const [, runId] = RUN.exec(path) ?? [];
      return runId === undefined ? null : reportPage(store, runId);
    },
  };
}

async function reportPage(store: Store, runId: string): Promise<Page | null> {
  const result = await verifiedResult(store, runId);
  if (result === null) return null;
  const facts = await store.loadFacts({ workflowId: result.workflowId, runId });
  return runPage(result, { facts, trends: [] }, [link('Runs', '../../')]);
}

function firstPage(runs: readonly RunSummary[]): Page {
  const rows = runs.map(({ run, project, startedAt, verdict, commit, branch }): readonly Cell[] => [
    link(startedAt.slice(0, 16).replace('T', ' '), `runs/${encodeURIComponent(run.runId)}/`),
    project,
    verdict ?? 'no result yet',
    commit?.slice(0, 7) ?? null,
    branch,
  ]);
  return {
    title: 'Runs',
    trail: [],
    headline: null,
    about:
      rows.length === 0
        ? 'There is no run yet. Start one with `paceline run`.'
        : 'The newest come first; times are in UTC.',
    lead: [],
    sections: [
      {
        id: 'runs',
        title: 'Newest runs',
        summary: table(['Started', 'Project', 'Verdict', 'Commit', 'Branch'], rows),
        details: [],
      },
    ],
  };
}
