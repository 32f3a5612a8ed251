import { TestWorkflowEnvironment } from '@temporalio/testing';

/**
 * `node download-by-sdk.mjs temporal|temporal-test-server FOLDER`: has the SDK start the program once, which downloads it
 * into the folder where it is not there. In a process of its own: set-up itself runs before the SDK is installed.
 */
const [binary, downloadDir] = process.argv.slice(2);
const server = { executable: { type: 'cached-download', downloadDir } };
const environment = await (binary === 'temporal'
  ? TestWorkflowEnvironment.createLocal({ server })
  : TestWorkflowEnvironment.createTimeSkipping({ server }));
await environment.teardown();
