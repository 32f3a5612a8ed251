/** What a run keeps of a Dockerfile: its instructions with their lines, and no secret. */
import { beginningOf } from '../../model/bounds.ts';
import type { DockerfileFacts, DockerfileInstruction, DockerfileStage } from '../../model/project-files.ts';
import { type Instruction, readInstructions } from '../build/instructions.ts';
import { firstOf, LONGEST_VALUE } from './bounds.ts';
import { MASK, maskText, safeText } from './credentials.ts';

/** @param linesBefore how many lines of its file come before an inline Dockerfile */
export function readDockerfileFacts(
  text: string,
  linesBefore = 0,
): Pick<DockerfileFacts, 'stages' | 'instructions' | 'leftOut'> {
  const stages: DockerfileStage[] = [];
  const { kept, leftOut } = firstOf(readInstructions(text));
  const instructions = kept.map((instruction): DockerfileInstruction => {
    const line = instruction.line + linesBefore;
    if (instruction.keyword === 'FROM') stages.push({ name: stageName(instruction), line });
    return {
      line,
      endLine: instruction.endLine + linesBefore,
      keyword: instruction.keyword,
      flags: instruction.flags.map((flag) => beginningOf(maskFlag(flag.slice(0, LONGEST_VALUE)), LONGEST_VALUE)),
      arguments: beginningOf(argumentsOf(instruction), LONGEST_VALUE),
      stage: stages.length === 0 ? null : stages.length - 1,
    };
  });
  return { stages, instructions, leftOut };
}

function stageName({ rest }: Instruction): string | null {
  const [, as, name] = rest.split(/\s+/);
  return as?.toLowerCase() === 'as' ? (name ?? null) : null;
}

/** `--mount=type=cache,target=/x` holds no value of a variable, so only what looks like a credential goes. */
export function maskFlag(flag: string): string {
  const [, name = '', value = ''] = /^(--[^=]+=?)([\s\S]*)$/.exec(flag) ?? [];
  return `${name}${value
    .split(',')
    .map((part) => {
      const [, key = '', rest = ''] = /^(\w+=)?([\s\S]*)$/.exec(part) ?? [];
      return `${key}${maskText(rest)}`;
    })
    .join(',')}`;
}

function argumentsOf({ keyword, rest, hereDocuments }: Instruction): string {
  if (keyword === 'ONBUILD') {
    const [, inner = '', words = ''] = /^(\S+)\s*([\s\S]*)$/.exec(rest) ?? [];
    return `${inner} ${argumentsOf({ keyword: inner.toUpperCase(), rest: words, hereDocuments } as Instruction)}`;
  }
  if (keyword === 'ENV' || keyword === 'ARG' || keyword === 'LABEL') return namesOf(rest, keyword !== 'ARG');
  // What a COPY writes may be a file of settings; what a RUN runs is a script.
  const bodies = keyword === 'RUN' ? hereDocuments : [];
  return safeText([rest, ...bodies].join('\n'));
}

/** `A=1 B="2 3"`, or `A the rest` as older files have it; the names stay. */
function namesOf(rest: string, hasOldForm: boolean): string {
  const pairs = [...rest.matchAll(/((?:"[^"]*"|[\w.$-])+)(=(?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s"'\\])*)?/gs)];
  const [first] = pairs;
  if (first === undefined) return '';
  const [all, name = '', value] = first;
  if (hasOldForm && value === undefined) return rest.length > all.length ? `${name} ${MASK}` : name;
  return pairs.map(([, each = '', given]) => (given === undefined ? each : `${each}=${MASK}`)).join(' ');
}
