/**
 * Creates, lists and removes links.
 *
 * <p>Start at {@link io.meshwork.internal.links.CatalogLinks}. Invariant: a link never grants
 * access to its target. Imports {@code link} and the internal packages below.
 */
@NullMarked
package io.meshwork.internal.links;

import org.jspecify.annotations.NullMarked;
