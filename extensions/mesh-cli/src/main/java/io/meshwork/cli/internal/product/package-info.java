/**
 * Verbs that define, find, and describe domains and products.
 *
 * <p>Start at {@link io.meshwork.cli.internal.product.ProductVerbs}. Imports {@code verb} and what
 * that imports.
 */
@NullMarked
package io.meshwork.cli.internal.product;

import org.jspecify.annotations.NullMarked;
