package io.meshwork.testkit;

import java.util.List;

/**
 * The findings before and after a recovery.
 *
 * @param reached the index of the state in the run without faults; 0 is the first
 * @param left whether unreferenced files existed
 * @param broken the violated invariants
 */
record CrashRecovery(int reached, boolean left, List<String> broken) {}
