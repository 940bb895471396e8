package io.meshwork.testkit;

import java.time.Instant;
import java.util.Set;

/**
 * The state on which a recovery from a crash depends. The same state recovers in the same way,
 * because IDs, time and waiting are simulated.
 *
 * @param digest the digest of documents and files
 * @param now the time
 * @param end the reported outcome of the scenario
 * @param notices the IDs of the delivered notices
 * @param leftBefore files that another process left before the scenario
 * @param alive whether the process survived, so that unused files had to be removed
 * @param undeleted whether the failed call was such a removal
 * @param deliveredFirst whether a delayed commit arrived before the recovery
 */
record CrashState(
    String digest,
    Instant now,
    String end,
    Set<String> notices,
    Set<String> leftBefore,
    boolean alive,
    boolean undeleted,
    boolean deliveredFirst) {}
