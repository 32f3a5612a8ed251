import { TestWorkflowEnvironment } from '@temporalio/testing';

/**
 * `node download-by-sdk.mjs temporal|temporal-test-server FOLDER`: makes the SDK start the program once, which downloads it into
 * the directory if it is missing. In a separate process, because set-up runs before the SDK is installed.
 */
const [binary, downloadDir] = process.argv.slice(2);
const server = { executable: { type: 'cached-download', downloadDir } };
const environment = await (binary === 'temporal'
  ? TestWorkflowEnvironment.createLocal({ server })
  : TestWorkflowEnvironment.createTimeSkipping({ server }));
await environment.teardown();
