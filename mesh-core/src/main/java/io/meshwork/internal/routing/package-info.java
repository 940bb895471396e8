/**
 * Several registries that look like one: each catalog of a mesh has a registry of its own.
 *
 * <p>Start at {@link io.meshwork.internal.routing.RoutedRegistry}. Invariant: a transaction writes
 * in one catalog, and checks nothing in another but who a guest is. Imports {@code topology},
 * {@code registry} and {@code internal.ledger}.
 */
@NullMarked
package io.meshwork.internal.routing;

import org.jspecify.annotations.NullMarked;
