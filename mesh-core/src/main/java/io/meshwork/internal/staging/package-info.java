/**
 * Staged publishes: rows that are stored and inspected before they are promoted or discarded.
 *
 * <p>Start at {@code StagingRun} and {@code StagedSource}. Invariant: a staged publish ends in the
 * transaction that publishes or erases its rows. Imports the package of the run.
 */
@NullMarked
package io.meshwork.internal.staging;

import org.jspecify.annotations.NullMarked;
