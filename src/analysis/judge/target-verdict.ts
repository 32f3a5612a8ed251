import type { PartVerdict } from '../../model/result.ts';

/**
 * How a measured value did against its target: the seed's targets are upper bounds that must not be reached ("< 300 s").
 * Without a target there is nothing to miss.
 */
export function against(value: number, target: number | null): Extract<PartVerdict, 'pass' | 'missed'> {
  return target === null || value < target ? 'pass' : 'missed';
}
