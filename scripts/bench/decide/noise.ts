/** Times from a null engine: with noise, stalls, and effects of the night and the host on all runs. */
import { createRandom } from '../../../src/plan/random.ts';

/** Share of runs that stall, and their factor. */
export const STALLS = { share: 0.05, factor: 1.5 } as const;
/** Correlation between nights for autocorrelated noise. Half of the variance then belongs to the night. */
const NIGHT_CORRELATION = 0.4;

export interface Noise {
  readonly cv: number;
  readonly kind: 'independent' | 'autocorrelated';
}

export class NullEngine {
  private readonly random: () => number;
  private readonly noise: Noise;
  private night = 0;

  constructor(noise: Noise, seed: number, stream: number) {
    this.noise = noise;
    this.random = createRandom(seed, stream);
  }

  nextNight(): void {
    const rho = NIGHT_CORRELATION;
    this.night = rho * this.night + Math.sqrt(1 - rho ** 2) * this.normal();
  }

  /** One run of something that takes `seconds` on a quiet machine. */
  run(seconds: number): number {
    const { cv, kind } = this.noise;
    const share = kind === 'autocorrelated' ? Math.SQRT1_2 : 0;
    const deviation = cv * (share * this.night + Math.sqrt(1 - share ** 2) * this.normal());
    return seconds * Math.exp(deviation) * (this.random() < STALLS.share ? STALLS.factor : 1);
  }

  /** Standard normal distribution by Box and Muller. */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.random())) * Math.cos(2 * Math.PI * this.random());
  }
}
