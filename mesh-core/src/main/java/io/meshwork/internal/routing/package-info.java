/**
 * One registry for several catalogs, each with its registry.
 *
 * <p>Start at {@link io.meshwork.internal.routing.RoutedRegistry}. Invariant: a transaction writes
 * to one catalog, and checks only governance documents of others. Imports {@code topology}, {@code
 * registry} and {@code internal.ledger}.
 */
@NullMarked
package io.meshwork.internal.routing;

import org.jspecify.annotations.NullMarked;
