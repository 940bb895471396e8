/**
 * Suites of domains, products, links, and suggestions: what the mesh has, and how it is found.
 *
 * <p>Start at {@link io.meshwork.internal.conformance.discovery.DiscoverySuite}. Imports {@code
 * fixture}.
 */
@NullMarked
package io.meshwork.internal.conformance.discovery;

import org.jspecify.annotations.NullMarked;
