/**
 * The documents of domains, products, majors, contracts, and links, as values.
 *
 * <p>Start at {@link io.meshwork.internal.catalog.Catalog}. Invariant: only {@link
 * io.meshwork.internal.catalog.RegistryKeys} defines the keys of documents. Imports {@code
 * contract} and {@code internal.ledger}.
 */
@NullMarked
package io.meshwork.internal.catalog;

import org.jspecify.annotations.NullMarked;
