/**
 * Names and values that all packages share: products, domains, principals, versions, snapshots.
 *
 * <p>Start at {@link io.meshwork.product.ProductName}. Pure values without I/O. Imports {@code
 * error} and {@code internal.naming}.
 */
@NullMarked
package io.meshwork.product;

import org.jspecify.annotations.NullMarked;
