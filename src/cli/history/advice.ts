/** `paceline history advice`: how good the predictions of each audit were. */
import { honestyOf } from '../../analysis/advice/honesty.ts';
import { honestyTable } from '../../report/history/advice.ts';
import type { Io } from '../io.ts';
import { printJson, START_ONE, type StoreFlags, withStore } from './open.ts';

export interface AdviceHistoryFlags extends StoreFlags {
  readonly json?: boolean;
}

export function listHonesty(project: string | undefined, flags: AdviceHistoryFlags, io: Io): Promise<void> {
  return withStore(
    flags,
    io,
    async ({ store, place }) => {
      const rows = honestyOf(await store.verifications(project === undefined ? {} : { project }));
      if (flags.json) return printJson(io, rows);
      const of = project === undefined ? '' : ` of ${project}`;
      if (rows.length > 0) return io.out(honestyTable(rows, io.stdout.width()));
      io.out(`No remedy${of} with a prediction is verified in ${place}. \`paceline advise --verify\` verifies.\n`);
    },
    (place) => {
      if (flags.json) return printJson(io, []);
      io.out(`No run is recorded in ${place}. ${START_ONE}\n`);
    },
  );
}
