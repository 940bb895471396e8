/**
 * The documents of domains, products, majors, contracts and links, as values.
 *
 * <p>Start at {@link io.meshwork.internal.catalog.Catalog}. Invariant: where a document lives and
 * who writes it is said in {@link io.meshwork.internal.catalog.RegistryKeys} and nowhere else.
 * Imports {@code contract} and {@code internal.ledger}.
 */
@NullMarked
package io.meshwork.internal.catalog;

import org.jspecify.annotations.NullMarked;
