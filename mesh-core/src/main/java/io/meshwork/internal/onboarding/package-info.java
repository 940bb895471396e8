/**
 * Files of other programs: listed, compared with registered ones, described by a contract, and
 * registered where they are.
 *
 * <p>Start at {@code ProductOnboarding} and {@code RegisteredSource}. Invariant: a file is read and
 * never changed. Imports the packages of the run, tables, and Parquet.
 */
@NullMarked
package io.meshwork.internal.onboarding;

import org.jspecify.annotations.NullMarked;
