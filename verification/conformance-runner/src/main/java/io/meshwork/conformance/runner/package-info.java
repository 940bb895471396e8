/**
 * Runs test cases from files against Meshwork.
 *
 * <p>Start at {@link io.meshwork.conformance.runner.ConformanceCommand}. Invariant: expectations
 * are read from the file on each run; a case that cannot run has failed. Imports the public API of
 * mesh-core, and {@code internal.lakeformation} for cases of access decisions.
 */
@NullMarked
package io.meshwork.conformance.runner;

import org.jspecify.annotations.NullMarked;
