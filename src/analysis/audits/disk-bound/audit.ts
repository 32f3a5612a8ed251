import { figure } from '../../../format/figure.ts';
import { formatRatio } from '../../../format/format-quantity.ts';
import { type Audit, savesUnknown } from '../audit.ts';

/** Share of the time in which some process waited for the disk. */
export const BOUND_RATIO = 0.2;
export const WORTH_SECONDS = 5;

/** Processes that wait for the disk gain nothing from more CPUs or workers; a tmpfs takes the disk away. */
export const diskBound: Audit = {
  id: 'disk-bound',
  title: 'The tests wait for the disk',
  ok: 'The tests do not wait for the disk for a noticeable time.',
  requires: ['resources'],
  audit: ({ facts, plan }) => {
    const primary = plan.scenarios.find((scenario) => scenario.primary);
    const trial = facts.trials.find(
      ({ scenarioId, kind, profile }) =>
        scenarioId === primary?.id && kind === 'measured' && profile?.resources !== undefined,
    );
    const ratio = trial?.profile?.resources?.ioPressureRatio ?? null;
    if (ratio === null)
      return [{ kind: 'inconclusive', reason: 'The kernel does not tell how long the tests waited for the disk.' }];
    const seconds = trial?.seconds ?? 0;
    if (ratio < BOUND_RATIO || seconds * ratio < WORTH_SECONDS) return [];
    const writers = (trial?.profile?.resources?.containers ?? [])
      .filter(({ blockWrittenBytes }) => (blockWrittenBytes ?? 0) > 1e6)
      .toSorted((a, b) => (b.blockWrittenBytes ?? 0) - (a.blockWrittenBytes ?? 0));
    return [
      {
        kind: 'opportunity',
        message: `Put what the tests write on a tmpfs${writers[0] === undefined ? '' : `, first of ${writers[0].service}`}: they waited for the disk for ${formatRatio(ratio)} of the time.`,
        evidence: [
          `${figure(seconds * ratio, 'second')} of ${figure(seconds, 'second')}`,
          ...writers
            .slice(0, 3)
            .map(({ service, blockWrittenBytes }) => `${service} wrote ${figure(blockWrittenBytes ?? 0, 'byte')}`),
        ],
        saves: savesUnknown('test.duration', primary?.name ?? null),
        remedy: {
          kind: 'steps',
          steps: ['Add `tmpfs: [/var/lib/postgresql/data]`, or the folder that is written, to the service.'],
        },
      },
    ];
  },
};
