/**
 * Rollouts: how a product moves its consumers from one major version to the next.
 *
 * <p>Start at {@link io.meshwork.rollout.StartRollout}. {@code MeshClient} creates the operations;
 * their code is in {@code internal.rollouts}. Imports values and ports only.
 */
@NullMarked
package io.meshwork.rollout;

import org.jspecify.annotations.NullMarked;
