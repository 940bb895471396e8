/**
 * Rows in quarantine as values: selected, numbered, and written as JSON.
 *
 * <p>Start at {@code QuarantinedRowSelection}. Changes nothing; {@code internal.publish} publishes
 * and erases such rows. Imports the packages of rows and scans.
 */
@NullMarked
package io.meshwork.internal.quarantine;

import org.jspecify.annotations.NullMarked;
