/**
 * What people may see of products, from the documents in the registry.
 *
 * <p>Start at {@link io.meshwork.internal.rights.Sight}. Invariant: who may see what is decided by
 * {@code access} alone; this room only gathers what the decision rests on, and what follows from
 * it. Imports {@code access}, {@code contract}, {@code internal.ledger} and {@code
 * internal.catalog}.
 */
@NullMarked
package io.meshwork.internal.rights;

import org.jspecify.annotations.NullMarked;
