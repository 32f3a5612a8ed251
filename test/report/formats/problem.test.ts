import { expect, test } from 'vitest';
import { wrongUsage } from '../../../src/model/failure.ts';
import { renderProblem } from '../../../src/report/formats/problem.ts';

test('wrong usage is two lines: what happened, and what to try', () => {
  const { problem } = wrongUsage('paceline.yml:3:5: `scenario` is not a key of a plan.', 'Did you mean `scenarios`?');
  expect(renderProblem(problem)).toBe(
    'paceline.yml:3:5: `scenario` is not a key of a plan.\nDid you mean `scenarios`?',
  );
});

test('several issues keep their lines', () => {
  expect(renderProblem({ what: 'One.\nTwo.', next: 'Correct both.' })).toBe('One.\nTwo.\nCorrect both.');
});

test('the output that shows it is indented, without empty lines and harmless', () => {
  const detail = 'step 5/8\r\n\r\n\u001b[31mERROR\u001b[0m: no such thing\n\tat line 2';
  expect(renderProblem({ what: 'The build failed.', next: 'Look at the step.', detail })).toBe(
    [
      'The build failed.',
      'Look at the step.',
      '    step 5/8',
      '    \\x1b[31mERROR\\x1b[0m: no such thing',
      '      at line 2',
    ].join('\n'),
  );
});

test('colour is on the first line alone, and only when asked for', () => {
  const colored = renderProblem({ what: 'It failed.', next: 'Try again.' }, { color: true });
  expect(colored).toBe('\u001b[31m\u001b[1mIt failed.\u001b[22m\u001b[39m\nTry again.');
});

test('is wrapped where there is a width, and nothing is cut', () => {
  expect(renderProblem({ what: 'aa bb cc', next: `${'x'.repeat(9)} y` }, { width: 5 })).toBe('aa bb\ncc\nxxxxxxxxx\ny');
});
