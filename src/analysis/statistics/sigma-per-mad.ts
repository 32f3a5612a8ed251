/** Of a normal distribution: its standard deviation over its median absolute deviation. */
export const SIGMA_PER_MAD = 1.4826;
