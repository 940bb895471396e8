/**
 * Staged publishes: rows that are stored and inspected before they are promoted or discarded.
 *
 * <p>Start at {@code StagingRun} and {@code StagedSource}. Invariant: a staged publish ends once,
 * in the transaction of its promotion, of an erase, or of its discard. Imports the package of the
 * run.
 */
@NullMarked
package io.meshwork.internal.staging;

import org.jspecify.annotations.NullMarked;
