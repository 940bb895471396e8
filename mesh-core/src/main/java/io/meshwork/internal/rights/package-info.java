/**
 * The documents of tags, grants and authorizations, and what they let principals see of products.
 *
 * <p>Start at {@link io.meshwork.internal.rights.AccessPolicy}. Invariant: {@code
 * internal.lakeformation} alone evaluates grants; this package collects its input. Imports {@code
 * access}, {@code contract}, {@code internal.lakeformation}, {@code internal.ledger} and {@code
 * internal.catalog}.
 */
@NullMarked
package io.meshwork.internal.rights;

import org.jspecify.annotations.NullMarked;
