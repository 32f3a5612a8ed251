/** What got slower or faster, and which targets were missed. */
import { item, list } from '../blocks.ts';
import type { SectionMaker } from './section.ts';

export const alerts: SectionMaker = {
  id: 'alerts',
  title: 'Alerts',
  make: (result) => {
    // A failed scenario has its reason in its own row.
    const news = result.alerts.filter(({ kind }) => kind !== 'failure');
    return {
      summary: list(
        news.map(({ message, gate, state }) => {
          const suffix = state === 'raised' ? '' : ` (${state})`;
          const weight = gate ? '' : ' It does not decide the verdict.';
          return item(`${message}${suffix}${weight}`, { sign: gate ? 'bad' : 'warning' });
        }),
      ),
    };
  },
};
