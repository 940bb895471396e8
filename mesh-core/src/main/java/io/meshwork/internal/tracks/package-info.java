/**
 * The consumers of a rollout, each with its track: the date that it was offered, its answer, what
 * it has read, and whether it is released. With the rules that need them, and the log of a rollout.
 *
 * <p>Start at {@link io.meshwork.internal.tracks.ConsumerTracks}, then {@code TrackRules} and
 * {@code RetireGuard}. Invariant: the rules are pure, so that the same facts and time always give
 * the same result. Imports the session, state, {@code internal.rollout}, and {@code
 * internal.stewards}.
 */
@NullMarked
package io.meshwork.internal.tracks;

import org.jspecify.annotations.NullMarked;
