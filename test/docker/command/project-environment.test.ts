import { expect, test } from 'vitest';
import { projectEnvironment } from '../../../src/docker/command/project-environment.ts';

test("a project sees the user's variables, but neither the choice of the engine nor the store's URL", () => {
  const env = {
    TAG: '3.11',
    EMPTY: '',
    UNSET: undefined,
    DOCKER_CONTEXT: 'far',
    PACELINE_STORE: 'postgresql://u:p@h/d',
  };
  expect(projectEnvironment(env)).toEqual({ TAG: '3.11', EMPTY: '' });
});
