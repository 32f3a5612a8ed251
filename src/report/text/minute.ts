/** "2026-03-01 02:30", in UTC. */
export function minute(at: string): string {
  return at.replace('T', ' ').slice(0, 16);
}
