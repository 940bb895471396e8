/**
 * Which rows of one major version are copies of another's.
 *
 * <p>Start at {@code CopiedFiles}, which the snapshots of a table record, and {@code SharedFiles},
 * which the log proves. Changes nothing; {@code internal.rollout.backfill} copies rows.
 */
@NullMarked
package io.meshwork.internal.copies;

import org.jspecify.annotations.NullMarked;
