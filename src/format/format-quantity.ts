/** Base units as people read them, rounded to what is worth reading. */

/** "53 µs", "850 ms", "41.6 s", "1 min 58 s", "2 h 3 min". @param seconds finite, at least 0 */
export function formatSeconds(seconds: number): string {
  if (seconds === 0) return '0 s';
  if (seconds < 0.00095) return `${trimmed(seconds * 1e6, seconds < 1e-6 ? 2 : 0)} µs`;
  if (seconds < 0.9995) return `${trimmed(seconds * 1000, seconds < 0.0995 ? 1 : 0)} ms`;
  if (seconds < 59.95) return `${trimmed(seconds, 1)} s`;
  const whole = Math.round(seconds);
  const parts = [
    [Math.floor(whole / 3600), 'h'],
    [Math.floor((whole % 3600) / 60), 'min'],
    [whole % 60, 's'],
  ] as const;
  return parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}

/** "1.4 GB", decimal like the plan's own "2 GB". @param bytes finite, at least 0 */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  // 999,950 bytes would round to "1000 kB".
  const power = units.findIndex((_, index) => index === units.length - 1 || bytes < 999.95 * 1000 ** index);
  return `${trimmed(bytes / 1000 ** power, 1)} ${units[power]}`;
}

/** "63 %", and "4.2 %" where a whole per cent would be coarse. @param ratio finite, 1 being 100 % */
export function formatRatio(ratio: number): string {
  return `${trimmed(ratio * 100, Math.abs(ratio) < 0.0995 ? 1 : 0)} %`;
}

function trimmed(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)));
}
