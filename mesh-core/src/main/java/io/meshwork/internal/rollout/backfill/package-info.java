/**
 * The way of the new major version: it gets the rows of the old one, both are compared, and it is
 * opened.
 *
 * <p>Start at {@link io.meshwork.internal.rollout.backfill.MajorRolloutView}, then {@code
 * RolloutBackFill} and {@code RolloutVerification}. Invariant: no publish is lost between a copy
 * and its commit. Imports {@code internal.rollout.retirement} and {@code internal.copies}.
 */
@NullMarked
package io.meshwork.internal.rollout.backfill;

import org.jspecify.annotations.NullMarked;
