/**
 * The consumers of a rollout, each with its track: the date that it was offered, its answer, what
 * it has read, and whether it is released. With the rules that need them.
 *
 * <p>Start at {@link io.meshwork.internal.rollout.consumers.ConsumerTracks}, then {@code
 * TrackRules} and {@code RetireGuard}. Invariant: the rules are pure, so that the same facts and
 * time always give the same result. Imports {@code internal.rollout} and {@code internal.stewards}.
 */
@NullMarked
package io.meshwork.internal.rollout.consumers;

import org.jspecify.annotations.NullMarked;
