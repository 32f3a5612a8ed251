/**
 * Injects known causes into a small project, one at a time, and asks `paceline explain` what moved. The first cause that it
 * names must be the injected one; where nothing relevant was changed, it must name none.
 *
 *     npm run bench:causes [-- --only interval,slow-test --keep FOLDER]
 *
 * `--keep` copies the facts of each run to FOLDER, from which the golden cases of test/analysis/attribution/ are made.
 */
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runFolder } from '../../src/data/directory.ts';
import { CASES } from './causes/cases.ts';
import { judge, type Judged } from './causes/judge.ts';
import { openWorld } from './causes/world.ts';

const AIM = { right: 18, of: 20 };

const { values } = parseArgs({ options: { only: { type: 'string' }, keep: { type: 'string' } } });
const wanted = values.only?.split(',');
const cases = CASES.filter(({ id }) => wanted?.includes(id) ?? true);
const world = await openWorld(CASES);
try {
  const base = await world.run('base', [...new Set(cases.map(({ scenario }) => scenario))]);
  await keep('base', base);
  const judged: Judged[] = [];
  for (const each of cases) {
    const head = await world.run(each.id, [each.scenario]);
    await keep(each.id, head);
    const one = judge(each, await world.explain(head, base));
    judged.push(one);
    console.log(`${one.right ? 'right' : 'WRONG'}  ${each.id.padEnd(22)} ${one.said}`);
  }
  const injected = judged.filter(({ expected }) => expected.figure !== null);
  const nulls = judged.filter(({ expected }) => expected.figure === null);
  const right = injected.filter((one) => one.right).length;
  console.log(
    `causes: ${right} of ${injected.length} named first, aim ${AIM.right} of ${AIM.of}; ` +
      `${nulls.filter((one) => one.right).length} of ${nulls.length} null cases clean`,
  );
  process.exitCode = right >= (AIM.right / AIM.of) * injected.length && nulls.every((one) => one.right) ? 0 : 1;
} finally {
  await world.close();
}

async function keep(name: string, runId: string): Promise<void> {
  if (values.keep === undefined) return;
  await mkdir(values.keep, { recursive: true });
  await copyFile(join(runFolder(world.dataDirectory, runId), 'facts.json'), join(values.keep, `${name}.json`));
}
