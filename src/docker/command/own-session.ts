/**
 * For execa: the command runs in a session of its own. Ctrl-C in a terminal goes to the whole process group, and a command
 * that it ended would look as if it had failed; what Ctrl-C means is for Paceline to decide.
 */
export const OWN_SESSION = { detached: true } as const;
