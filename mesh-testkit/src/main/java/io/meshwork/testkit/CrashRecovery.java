package io.meshwork.testkit;

import java.util.List;

/**
 * What was found before and after a recovery.
 *
 * @param reached which of the states of the run without faults was found; 0 is the first
 * @param left whether there were files that nobody needs
 * @param broken what did not hold
 */
record CrashRecovery(int reached, boolean left, List<String> broken) {}
