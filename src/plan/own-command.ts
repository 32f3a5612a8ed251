/** For a project without pytest: how a plan measures the test service's own command. */

/** A whole `scenarios` section, in one line: messages have no more. */
const OWN_COMMAND_SCENARIOS = 'scenarios: [{ name: "Own command", target: "< 180 s" }]';

/** The remedy where the test image has no pytest. */
export const WITHOUT_PYTEST = `Install pytest in the test image. If the suite is not pytest, measure the service's own command with a scenario that has no \`command\`; in paceline.yml: \`${OWN_COMMAND_SCENARIOS}\`.`;
