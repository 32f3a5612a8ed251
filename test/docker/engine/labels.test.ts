import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LABELS, labelsFor, laneOf, trialName } from '../../../src/docker/engine/labels.ts';

const key = { instance: 'i', runId: 'r', scenarioId: 'full', trial: 1, try: 1 };

describe('the name of a trial', () => {
  it('is valid for compose projects and containers', () => {
    expect(trialName(key)).toMatch(/^paceline-[0-9a-f]{12}$/);
  });

  it('is the same for every attempt', () => {
    expect(trialName({ ...key })).toBe(trialName(key));
  });

  it.each([
    ['instance', { instance: 'j' }],
    ['run', { runId: 's' }],
    ['scenario', { scenarioId: 'quick' }],
    ['trial', { trial: 2 }],
    ['try', { try: 2 }],
    ['where one part ends and the next begins', { instance: 'ir', runId: '' }],
  ])('differs by %s', (_, change) => {
    expect(trialName({ ...key, ...change })).not.toBe(trialName(key));
  });
});

describe('labels', () => {
  it('name the run, and of the rest what applies', () => {
    expect(labelsFor({ instance: 'i', runId: 'r', workflowId: 'w', phase: 'startup' })).toEqual({
      'paceline.instance': 'i',
      'paceline.run': 'r',
      'paceline.workflow': 'w',
      'paceline.phase': 'startup',
    });
  });

  it('bring a lane back as it was', () => {
    const lanes = fc.record({
      cpus: fc.uniqueArray(fc.nat(255), { maxLength: 16 }),
      memoryBytes: fc.option(fc.nat()),
    });
    fc.assert(
      fc.property(lanes, (lane) => {
        expect(laneOf(labelsFor({ instance: 'i', runId: 'r', workflowId: 'w', lane }))).toEqual(lane);
      }),
    );
  });

  it.each([
    ['absent', {}],
    ['no list of CPUs', { [LABELS.lane]: '0-1' }],
    ['no amount of memory', { [LABELS.lane]: '0', [LABELS.laneMemory]: '2GB' }],
  ])('give no lane when the label is %s', (_, labels) => {
    expect(laneOf(labels)).toBeNull();
  });
});
