/**
 * Documents of the registry, the log of each partition, and the loop that commits.
 *
 * <p>Start at {@link io.meshwork.internal.ledger.Ledger}, for plans at {@link
 * io.meshwork.internal.ledger.ChangePlan}. Invariant: every change goes through one loop, has a log
 * entry chained to the previous one, and is retried only when it is certain that nothing was done.
 * Imports {@code error}, {@code operation}, {@code product}, {@code registry} and {@code
 * internal.runtime} only.
 */
@NullMarked
package io.meshwork.internal.ledger;

import org.jspecify.annotations.NullMarked;
