/**
 * Changes with notice: a new major version, the end of a product, and weaker terms of a contract.
 *
 * <p>Start at {@link io.meshwork.rollout.StartRollout}. {@code MeshClient} creates the operations;
 * their code is in {@code internal.rollout}. Imports values and ports only.
 */
@NullMarked
package io.meshwork.rollout;

import org.jspecify.annotations.NullMarked;
