import type { PartVerdict } from '../../model/result.ts';

/**
 * Whether a measured value met its target. As in the original plan, targets are upper bounds that must not be reached ("< 300 s").
 * Without a target there is nothing to miss.
 */
export function targetVerdict(value: number, target: number | null): Extract<PartVerdict, 'pass' | 'missed'> {
  return target === null || value < target ? 'pass' : 'missed';
}
