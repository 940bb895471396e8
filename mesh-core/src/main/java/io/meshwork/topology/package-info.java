/**
 * The topology of a mesh: its catalogs, and which account sees which.
 *
 * <p>Start at {@link io.meshwork.topology.Topology}. Invariant: a domain has one home catalog,
 * which is determined by its name. Imports {@code error} and {@code product} only.
 */
@NullMarked
package io.meshwork.topology;

import org.jspecify.annotations.NullMarked;
