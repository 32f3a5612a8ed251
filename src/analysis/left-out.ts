/** What is said of default scenarios that the image of the tests cannot run. */
import type { Lack, LeftOut } from '../model/plan.ts';
import type { ScenariosLeftOut } from '../model/result.ts';
import { listOf } from '../format/list-of.ts';

/** For the result; null if nothing was left out. */
export function scenariosLeftOut(leftOut: LeftOut | undefined): ScenariosLeftOut | null {
  if (leftOut === undefined) return null;
  return { message: leftOutSentence(leftOut), scenarios: leftOut.scenarios };
}

/** "3 of 4 default scenarios were left out: the image has no pytest-xdist; install it in Dockerfile.test to enable them." */
export function leftOutSentence({ of, scenarios, dockerfile }: LeftOut): string {
  const lacks = distinct(scenarios.flatMap((scenario) => scenario.lacks));
  const count = scenarios.length === of ? `All ${of}` : `${scenarios.length} of ${of}`;
  const [were, them] = scenarios.length === 1 ? ['was', 'it'] : ['were', 'them'];
  const remedies = listOf(remediesOf(lacks, dockerfile ?? 'the image'));
  return `${count} default scenarios ${were} left out: ${listOf(causesOf(lacks))}; ${remedies} to enable ${them}.`;
}

function distinct(lacks: readonly Lack[]): Lack[] {
  return [...new Map(lacks.map((lack) => [`${lack.kind} ${lack.name}`, lack])).values()];
}

const named = (lacks: readonly Lack[], kind: Lack['kind']) =>
  lacks.filter((lack) => lack.kind === kind).map(({ name }) => name);

function causesOf(lacks: readonly Lack[]): string[] {
  const absent = [...named(lacks, 'command').map((name) => `\`${name}\``), ...named(lacks, 'package')];
  const [plugins, markers] = [named(lacks, 'plugin'), named(lacks, 'marker')];
  return [
    ...(absent.length === 0 ? [] : [`the image has ${listOf(absent.map((name) => `no ${name}`))}`]),
    ...(plugins.length === 0 ? [] : [`pytest does not load ${listOf(plugins)}, as the project is configured`]),
    ...(markers.length === 0
      ? []
      : [
          `pytest is strict about markers, and the project registers no ${listOf(markers.map((name) => `\`${name}\``))}`,
        ]),
  ];
}

function remediesOf(lacks: readonly Lack[], place: string): string[] {
  const [commands, packages] = [named(lacks, 'command'), named(lacks, 'package')];
  const [plugins, markers] = [named(lacks, 'plugin'), named(lacks, 'marker')];
  const them = (names: readonly string[]) => (names.length === 1 ? 'it' : 'them');
  return [
    ...(commands.length === 0 ? [] : [`install Python with pytest, pytest-xdist and pytest-cov in ${place}`]),
    ...(packages.length === 0 ? [] : [`install ${them(packages)} in ${place}`]),
    ...(plugins.length === 0 ? [] : [`have pytest load ${them(plugins)}`]),
    ...(markers.length === 0 ? [] : [`register ${them(markers)}`]),
  ];
}
