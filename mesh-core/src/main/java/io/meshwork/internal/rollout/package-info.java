/**
 * Major versions of a product side by side: their tables and documents, the rows of one as rows of
 * the other, and the rules of the rollout from one to the next.
 *
 * <p>Start at {@link io.meshwork.internal.rollout.NewMajor}, then {@code ColumnMap}. Invariant: a
 * change of a rollout and the change of its major versions are one registry transaction. Imports
 * state and the session; operations import it.
 */
@NullMarked
package io.meshwork.internal.rollout;

import org.jspecify.annotations.NullMarked;
