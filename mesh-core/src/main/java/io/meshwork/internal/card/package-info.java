/**
 * The card of a product, as the acting principal may see it.
 *
 * <p>Start at {@link io.meshwork.internal.card.ProductDescriptions}. Invariant: a card has no
 * column that its reader must not know. Imports {@code card} and {@code internal.session}.
 */
@NullMarked
package io.meshwork.internal.card;

import org.jspecify.annotations.NullMarked;
