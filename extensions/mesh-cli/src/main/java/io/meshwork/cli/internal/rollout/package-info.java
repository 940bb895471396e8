/**
 * Verbs of rollouts: what a new major version means, from its plan to the retirement of the old
 * one, for its owner, its consumers, and the stewards.
 *
 * <p>Start at {@link io.meshwork.cli.internal.rollout.RolloutVerbs}. Imports {@code file}, {@code
 * verb} and what these import.
 */
@NullMarked
package io.meshwork.cli.internal.rollout;

import org.jspecify.annotations.NullMarked;
