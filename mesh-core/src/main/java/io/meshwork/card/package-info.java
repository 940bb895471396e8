/**
 * The description of a product for a person.
 *
 * <p>Start at {@link io.meshwork.card.ProductCard}. Values only. Imports {@code contract} and
 * {@code product}.
 */
@NullMarked
package io.meshwork.card;

import org.jspecify.annotations.NullMarked;
