/** Terminal colours, or none. */
import pc from 'picocolors';

export type Style = Pick<ReturnType<typeof pc.createColors>, 'bold' | 'dim' | 'red' | 'green' | 'yellow'>;

/** Without `color` every style returns the text as it is. */
export function createStyle(color: boolean): Style {
  return pc.createColors(color);
}
