import { figure } from '../../../format/figure.ts';
import { placeOf } from '../../place-of.ts';
import { type Audit, savesUnknown } from '../audit.ts';
import { primaryOf, testCount } from '../support/primary.ts';

/** Bytes that a service sends for each test that ran. */
export const LARGE_BYTES = 1_000_000;
export const LARGE_TOTAL_BYTES = 50_000_000;

/** Bytes that a service sends are made, sent, parsed and thrown away: fixtures of production size rarely test more. */
export const largeResponses: Audit = {
  id: 'large-responses',
  title: 'A service sends the tests large responses',
  ok: 'No service sends the tests large amounts of data.',
  requires: ['pytest'],
  audit: (context) => {
    const primary = primaryOf(context);
    const traffic = context.facts.trials.find(({ profile }) => profile?.traffic !== undefined)?.profile?.traffic;
    if (primary === null || traffic === undefined)
      return [{ kind: 'notApplicable', reason: 'The traffic of no trial was recorded.' }];
    const count = testCount(primary.pytest);
    return traffic
      .filter(
        ({ service, sentBytes }) =>
          service !== context.facts.service && sentBytes >= LARGE_TOTAL_BYTES && sentBytes / count >= LARGE_BYTES,
      )
      .map(({ service, sentBytes }) => ({
        kind: 'opportunity' as const,
        message: `Ask ${service} for less, or give it smaller data: it sends ${figure(sentBytes / count, 'byte')} for each test.`,
        evidence: [`${service} sent ${figure(sentBytes, 'byte')} to ${count} tests`, ...primary.caveats],
        where: placeOf(context.facts.projectFiles, { kind: 'composeKey', service, key: [] }),
        saves: savesUnknown('test.duration', primary.scenario.name),
        remedy: {
          kind: 'steps' as const,
          steps: ['Limit the rows and fields that the tests ask for.', 'Seed the service with a small sample.'],
        },
      }));
  },
};
