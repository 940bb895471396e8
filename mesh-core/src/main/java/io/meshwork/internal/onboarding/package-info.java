/**
 * Files of other programs: listed, compared with those that are registered, described by a
 * contract, and registered where they are.
 *
 * <p>Start at {@code ProductOnboarding} and {@code RegisteredSource}. Invariant: a file is read and
 * never changed. Imports the package of the run, and those of tables and Parquet.
 */
@NullMarked
package io.meshwork.internal.onboarding;

import org.jspecify.annotations.NullMarked;
