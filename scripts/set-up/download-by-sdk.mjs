import { TestWorkflowEnvironment } from '@temporalio/testing';

/**
 * `node download-by-sdk.mjs FOLDER`: makes the SDK start the Temporal CLI once, which downloads it into the directory if it is
 * missing. In a separate process, because set-up runs before the SDK is installed.
 */
const [downloadDir] = process.argv.slice(2);
const server = { executable: { type: 'cached-download', downloadDir } };
const environment = await TestWorkflowEnvironment.createLocal({ server });
await environment.teardown();
