/**
 * Runs files of cases against Meshwork: expectations that somebody else wrote down.
 *
 * <p>Start at {@link io.meshwork.examples.conformance.Conformance}. Invariant: what is expected is
 * read from the file each time; a case that cannot run has failed. Uses the public API only.
 */
@NullMarked
package io.meshwork.examples.conformance;

import org.jspecify.annotations.NullMarked;
