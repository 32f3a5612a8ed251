import { LABELS } from '../docker/engine/labels.ts';
import { type MakeCheck, ok, warning } from './check.ts';

/** Objects with the label of a run. Objects of a running run are listed too: only its Temporal server knows that it runs. */
export const leftovers: MakeCheck = async ({ engine }) => {
  const { containers, networks, volumes } = await engine.listByLabels({ [LABELS.run]: true });
  if (containers.length + networks.length + volumes.length === 0) return ok('Leftovers', 'none of earlier runs');
  const found = Object.entries({ container: containers, network: networks, volume: volumes })
    .filter(([, objects]) => objects.length > 0)
    .map(([word, { length }]) => `${length} ${word}${length === 1 ? '' : 's'}`);
  return warning(
    'Leftovers',
    `${found.join(', ')} of runs, of all data directories on this engine`,
    'No action is needed: the next run with the same data directory removes what a closed run has left.',
  );
};
