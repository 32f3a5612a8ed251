import { together } from '../../analysis/advice/to-verify.ts';
import { activity } from '../support/attempt.ts';
import type { Make } from '../support/deps.ts';
import { adviceOfRun } from './advice-to-verify.ts';

export const adviceTogether: Make<'adviceTogether'> = ({ store }) =>
  activity({ phase: 'preparing' }, async ({ ofRun, winners }) => {
    const { all, folder } = await adviceOfRun(store, ofRun);
    return together(
      winners.flatMap(({ name, verification }) =>
        all.flatMap((each) =>
          each.kind === 'remedy' && each.remedy.name === name ? [{ ...each.remedy, verification }] : [],
        ),
      ),
      folder,
    );
  });
