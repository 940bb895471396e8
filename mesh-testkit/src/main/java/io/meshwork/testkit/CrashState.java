package io.meshwork.testkit;

import java.time.Instant;
import java.util.Set;

/**
 * What a recovery from a death depends on. The same state recovers in the same way: ids, time and
 * waiting are simulated.
 *
 * @param digest of the documents and files
 * @param now the time
 * @param end how the scenario ended, as far as it said
 * @param notices what the notifier was told of
 * @param leftBefore files that somebody else left before the scenario
 * @param alive whether nobody died, so that what was not used had to be removed
 * @param undeleted whether what failed was such a removal
 * @param deliveredFirst whether a delayed commit arrived first
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
