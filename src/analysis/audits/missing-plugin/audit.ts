import { type Audit, failedWith, scenarioNames } from '../audit.ts';

/** pytest refuses the options of a plugin that is not installed, and runs nothing. */
export const missingPlugin: Audit = {
  id: 'missing-plugin',
  title: 'A pytest plugin is missing',
  ok: 'pytest knew every option of the scenarios.',
  requires: ['trials'],
  audit: (context) => {
    const refused = failedWith(context, 'unrecognizedArguments');
    const plugins = [...new Set(refused.flatMap(({ hint }) => hint.plugins))];
    return plugins.map((plugin) => {
      const affected = refused.filter(({ hint }) => hint.plugins.includes(plugin));
      return {
        kind: 'problem',
        message: `Install ${plugin} in the test image; no test ran without it in ${scenarioNames(affected.map(({ trial }) => trial))}.`,
        evidence: [`pytest: unrecognized arguments: ${affected[0]!.hint.arguments}`],
      };
    });
  },
};
