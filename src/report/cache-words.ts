/** Why a step of a build missed the cache, in words. */
import type { LedgerStep } from '../analysis/ledger/ledger.ts';
import { listOf } from '../format/list-of.ts';
import type { MissInput } from '../model/cause.ts';
import { oneLine } from './text/foreign.ts';

export const STEP_STATES: Readonly<Record<LedgerStep['state'], string>> = {
  hit: 'cached',
  missed: 'missed',
  notNeeded: 'not run',
};

/** "requirements.txt changed", "the build argument LEVEL changed". */
export function inputWords(input: MissInput): string {
  switch (input.kind) {
    case 'files': {
      const more = input.more === 0 ? '' : ` and ${input.more} more`;
      return `${oneLine(listOf(input.files))}${more} changed`;
    }
    case 'argument':
      return `${oneLine(listOf(input.names))} changed`;
    case 'baseImage':
      return `the base image ${oneLine(input.image)} changed`;
    case 'instruction':
      return `${input.keyword} in line ${input.line} is new or changed`;
    case 'mount':
      return `the mount ${oneLine(input.mount)} is new or changed`;
    case 'earlierStep':
      return 'a step before it missed';
    case 'noCache':
      return 'the build used no cache';
    case 'pruned':
      return 'nothing changed: the cache no longer had it';
    case 'unknown':
      return 'the cause is not known';
  }
}
