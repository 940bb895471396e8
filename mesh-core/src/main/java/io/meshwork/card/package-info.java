/**
 * What a person sees of a product.
 *
 * <p>Start at {@link io.meshwork.card.ProductCard}. Values only. Imports {@code contract} and
 * {@code product}.
 */
@NullMarked
package io.meshwork.card;

import org.jspecify.annotations.NullMarked;
