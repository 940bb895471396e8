/**
 * A shop of four domains and twelve products, of which some are late, and its portal. Run it with
 * {@code scripts/example shop}.
 *
 * <p>Start at {@link io.meshwork.examples.shop.Shop}.
 */
@NullMarked
package io.meshwork.examples.shop;

import org.jspecify.annotations.NullMarked;
