import { LABELS } from '../docker/engine/labels.ts';
import { type MakeCheck, ok, warning } from './check.ts';

/** What carries a run's label. Of a run that is at work it is no leftover, which only its Temporal server could tell. */
export const leftovers: MakeCheck = async ({ engine }) => {
  const { containers, networks, volumes } = await engine.listByLabels({ [LABELS.run]: true });
  if (containers.length + networks.length + volumes.length === 0) return ok('Leftovers', 'none of earlier runs');
  const found = Object.entries({ container: containers, network: networks, volume: volumes })
    .filter(([, objects]) => objects.length > 0)
    .map(([word, { length }]) => `${length} ${word}${length === 1 ? '' : 's'}`);
  return warning(
    'Leftovers',
    `${found.join(', ')} of runs`,
    'Nothing need be done: the next run takes down what belongs to closed runs of its data directory.',
  );
};
