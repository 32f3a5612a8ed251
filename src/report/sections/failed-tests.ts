/** Which tests failed, by name: the first thing that a person with a red run wants to know. */
import type { FailedTests, RunResult } from '../../model/result.ts';
import { code, item, list, type ListItem } from '../blocks.ts';
import type { SectionMaker } from './section.ts';

export const failedTests: SectionMaker = {
  id: 'failed-tests',
  title: 'Failed tests',
  make: (result) => {
    const { failedTests: failed = [] } = result;
    return failed.length === 0
      ? {}
      : { summary: list([...failed.flatMap((each) => items(each, result)), output(result)]) };
  },
};

function items({ scenario, total, tests }: FailedTests, { scenarios }: RunResult): readonly ListItem[] {
  const of = scenarios.length > 1 ? ` (${scenario})` : '';
  const more = total - tests.length;
  return [
    ...tests.map(({ id, message }) =>
      item([code(id), of], { sign: 'bad', details: message === null ? [] : [code(message)] }),
    ),
    ...(more > 0 ? [item(`${more} more${of}`)] : []),
  ];
}

function output({ runId }: RunResult): ListItem {
  return item([code(`paceline logs ${runId.slice(0, 8)}`), ' shows the output.'], { sign: 'action' });
}
