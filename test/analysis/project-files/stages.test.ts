import { expect, test } from 'vitest';
import { neededStages, stageNamed, stagesTakenFrom } from '../../../src/analysis/project-files/stages.ts';
import { readDockerfileFacts } from '../../../src/docker/project-files/dockerfile-facts.ts';
import type { DockerfileFacts } from '../../../src/model/project-files.ts';

function dockerfile(text: string, target: string | null = null): DockerfileFacts {
  return { file: 'Dockerfile', services: ['test'], target, ...readDockerfileFacts(text) };
}

test('a stage is found by its name in any letters, or by its number', () => {
  const facts = dockerfile('FROM a AS Deps\nFROM b\n');
  expect(stageNamed(facts, 'deps')).toBe(0);
  expect(stageNamed(facts, '1')).toBe(1);
  expect(stageNamed(facts, '2')).toBeNull();
  expect(stageNamed(facts, 'a')).toBeNull();
});

test('of two stages with one name the last one counts', () => {
  const facts = dockerfile('FROM a AS x\nFROM b AS x\nFROM c\n');
  expect(stageNamed(facts, 'x')).toBe(1);
  expect(stageNamed(facts, 'x', 1)).toBe(0);
});

test('FROM names an image where only a later stage has the name', () => {
  const facts = dockerfile('FROM python\nFROM debian AS python\n');
  expect(stagesTakenFrom(facts, facts.instructions[0]!)).toEqual([]);
});

test('COPY may name a later stage', () => {
  const facts = dockerfile('FROM a\nCOPY --from=late /x /x\nFROM b AS late\n');
  expect(stagesTakenFrom(facts, facts.instructions[1]!)).toEqual([1]);
});

test.each([
  ['the last stage without a target', null, [0, 2, 3]],
  ['the target', 'web', [1]],
  ['the last stage for a target that is not there', 'gone', [0, 2, 3]],
])('a build needs what %s takes from', (_, target, stages) => {
  const facts = dockerfile(
    'FROM a AS deps\nFROM b AS web\nFROM c AS tools\nFROM deps\nRUN --mount=type=cache,from=tools,target=/t make\n',
    target,
  );
  expect([...neededStages(facts)].toSorted((a, b) => a - b)).toEqual(stages);
});
