/** The mark of figures that are no samples. */
import { z } from 'zod';

export const ofFailedTrial = z
  .boolean()
  .describe('Its tests were red or broke off: the figure informs, and is never compared with that of another run.');
