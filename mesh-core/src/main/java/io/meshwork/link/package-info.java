/**
 * Links: products and domains of others under a name in the consumer's own catalog.
 *
 * <p>Start at {@link io.meshwork.link.LinkResource}. Invariant: a link is a name and grants
 * nothing. Imports {@code error}, {@code product} and {@code operation} only.
 */
@NullMarked
package io.meshwork.link;

import org.jspecify.annotations.NullMarked;
