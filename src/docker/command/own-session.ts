/**
 * For execa: the command runs in its own session. Ctrl-C in a terminal reaches the whole process group. A command that
 * it ends would look like a failure, and Paceline decides itself what Ctrl-C means.
 */
export const OWN_SESSION = { detached: true } as const;
