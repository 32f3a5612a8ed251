/** The sides of a comparison as flags give them, checked as far as it can be before anything starts. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { checkPatch } from '../data/git/apply-patch.ts';
import { wrongUsage } from '../model/failure.ts';
import type { Side } from '../model/side.ts';
import { MOST_PATCH_CHARACTERS, SET_LIMITS, type Variant } from '../model/variant.ts';
import { PLAN_FILES, parsePlanInput } from '../plan/parse.ts';
import { applyPlanSet, notAPath, parsePlanPath } from '../plan/plan-path.ts';
import { readValue } from '../plan/read-yaml.ts';
import { resolvePlan } from '../plan/resolve.ts';
import { planOfBase } from '../plan/side-plan.ts';
import type { Io } from './io.ts';
import { readPlanFile } from './project-plan.ts';
import type { ReadSource } from './source.ts';

export interface VariantFlags {
  readonly basePatch?: string;
  readonly headPatch?: string;
  readonly baseSet?: readonly string[];
  readonly headSet?: readonly string[];
}

/** @throws PacelineError WrongUsage for a patch that cannot be read, and for an override that is not PATH=VALUE */
export async function readVariant(side: Side, ref: string, flags: VariantFlags, io: Io): Promise<Variant> {
  const patch = side === 'base' ? flags.basePatch : flags.headPatch;
  const set = side === 'base' ? flags.baseSet : flags.headSet;
  return {
    ref,
    ...(patch === undefined ? {} : { patch: await readPatch(resolve(io.cwd, patch), patch) }),
    ...(set === undefined ? {} : { set: readSet(`--${side}-set`, set) }),
  };
}

/** @returns a ref alone as a text, as a workflow's input has always had it */
export function asInput(variant: Variant): string | Variant {
  return Object.keys(variant).length === 1 ? variant.ref : variant;
}

/**
 * @param commit of the side's ref; null where it is not known here
 * @throws PacelineError WrongUsage for a patch that does not apply
 */
export async function checkPatchOf(side: Side, { patch }: Variant, { source, commit }: ReadSource): Promise<void> {
  if (patch === undefined || 'git' in source || commit === null) return;
  await checkPatch(source.path, commit, { patch, name: `The patch of the ${side}` });
}

/**
 * Puts the overrides of both sides into the head's plan. One that the head's patch changes is known only to the worker.
 * @throws PacelineError WrongUsage for an override that the plan does not take
 */
export async function checkOverrides(base: Variant, head: Variant, read: ReadSource): Promise<void> {
  if (base.set === undefined && head.set === undefined) return;
  if (PLAN_FILES.some((file) => head.patch?.includes(file))) return;
  const file = await readPlanFile(read.source);
  const written = file === null ? {} : parsePlanInput(file.text, file);
  const context = { folderName: read.project.name };
  const { set } = head;
  const plan = resolvePlan(applyPlanSet(written, set ?? {}), context);
  planOfBase({ written, plan, ...(set === undefined ? {} : { set }) }, base.set, context);
}

async function readPatch(path: string, given: string): Promise<string> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    const what = error.code === 'ENOENT' ? `There is no file ${given}.` : `${given} cannot be read (${error.code}).`;
    throw wrongUsage(what, 'Give the path of a patch, as `git diff > fix.patch` writes it.');
  });
  const text = decoded(bytes, given);
  if (text.trim() === '')
    throw wrongUsage(`The patch ${given} is empty.`, 'Leave the flag out, or write the patch again.');
  if (text.length <= MOST_PATCH_CHARACTERS) return text;
  throw wrongUsage(
    `The patch ${given} has ${text.length} characters; a patch may have ${MOST_PATCH_CHARACTERS} (256 KB).`,
    'Commit the change to a branch, and compare with that branch.',
  );
}

function decoded(bytes: Uint8Array, given: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw wrongUsage(
      `The patch ${given} is not text in UTF-8.`,
      'Write it with `git diff --binary`, or commit the change to a branch and compare with that branch.',
    );
  }
}

function readSet(flag: string, given: readonly string[]): Readonly<Record<string, unknown>> {
  const set = Object.fromEntries(given.map((text) => readOverride(flag, text)));
  const { length } = JSON.stringify(set);
  if (given.length <= SET_LIMITS.entries && length <= SET_LIMITS.characters) return set;
  throw wrongUsage(
    `${flag} has more than ${SET_LIMITS.entries} overrides or ${SET_LIMITS.characters} characters.`,
    'Commit the plan to a branch, and compare with that branch.',
  );
}

function readOverride(flag: string, text: string): readonly [path: string, value: unknown] {
  const end = text.indexOf('=');
  if (end === -1) {
    throw wrongUsage(
      `${flag} ${JSON.stringify(text.slice(0, 80))} has no "=".`,
      `Write the path of a key and its value: ${flag} 'scenarios[0].command=python -m pytest -n 4'.`,
    );
  }
  const path = text.slice(0, end).trim();
  if (parsePlanPath(path) === null) throw notAPath(path);
  return [path, readValue(text.slice(end + 1), `${flag} ${path}`)];
}
