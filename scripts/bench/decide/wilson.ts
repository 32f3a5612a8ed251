/** "0.02 % (95 % interval 0.01 to 0.05 %, n 33600)": a share with its interval (Wilson 1927). */
export function share(count: number, of: number): string {
  const z = 1.96;
  const p = count / of;
  const centre = (p + z ** 2 / (2 * of)) / (1 + z ** 2 / of);
  const half = (z / (1 + z ** 2 / of)) * Math.sqrt((p * (1 - p)) / of + z ** 2 / (4 * of ** 2));
  const percent = (ratio: number) => (100 * Math.max(0, ratio)).toFixed(ratio < 0.1 ? 2 : 1);
  return `${percent(p)} % (95 % interval ${percent(centre - half)} to ${percent(centre + half)} %, n ${of})`;
}
