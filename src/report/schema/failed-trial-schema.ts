/** The mark of figures that are not samples. */
import { z } from 'zod';

export const ofFailedTrial = z
  .boolean()
  .describe('Its tests failed or stopped early: the figure is only informative and is never compared with other runs.');
