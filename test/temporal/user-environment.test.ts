import { expect, test } from 'vitest';
import { userEnvironment } from '../../src/temporal/user-environment.ts';

test.each([
  ['is unchanged if it is set', { USER: 'ada', HOME: '/home/ada', A: '1' }, { USER: 'ada', HOME: '/home/ada', A: '1' }],
  ['is generated if it is not set', { A: '1' }, { USER: `uid-${process.getuid?.()}`, HOME: '/data', A: '1' }],
  ['is generated if it is empty', { USER: '', HOME: '' }, { USER: `uid-${process.getuid?.()}`, HOME: '/data' }],
])('the user of the server %s', (_, env, expected) => {
  expect(userEnvironment(env, '/data')).toEqual(expected);
});
