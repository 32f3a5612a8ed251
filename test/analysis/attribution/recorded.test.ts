import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { explainRuns } from '../../../src/analysis/attribution/explain.ts';
import type { RunFacts } from '../../../src/model/run.ts';

/** Of real runs of `npm run bench:causes`, cut down to the figure that the case is about. */
function recorded(name: string): RunFacts {
  return JSON.parse(readFileSync(new URL(`recorded/${name}.json`, import.meta.url), 'utf8')) as RunFacts;
}

test.each([
  ['new-step', 'newStep', 'RUN echo lint && sleep 3', { place: { file: 'Dockerfile.test', line: 6 } }],
  [
    'longer-step',
    'step',
    'RUN echo install && sleep 5',
    { base: 'RUN echo install && sleep 2', head: 'RUN echo install && sleep 5' },
  ],
  [
    'base-image',
    'baseImage',
    'paceline-bench-causes:heavy',
    { base: 'FROM paceline-bench-causes:python', head: 'FROM paceline-bench-causes:heavy' },
  ],
])('a real run with %s', (name, cls, of, evidence) => {
  const [figure] = explainRuns(recorded('build-base'), recorded(name));
  expect(figure).toMatchObject({ moved: true });
  expect(figure!.causes[0]).toMatchObject({ class: cls, name: of });
  expect(figure!.causes[0]!.evidence[0]).toMatchObject(evidence);
  expect(figure!.causes[0]!.share).toBeGreaterThan(0.85);
});
