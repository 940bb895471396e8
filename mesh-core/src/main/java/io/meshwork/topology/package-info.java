/**
 * The shape of a mesh: its catalogs, and who sees what.
 *
 * <p>Start at {@link io.meshwork.topology.Topology}. Invariant: a domain has one home catalog, and
 * which one follows from its name alone. Imports {@code error} and {@code product} only.
 */
@NullMarked
package io.meshwork.topology;

import org.jspecify.annotations.NullMarked;
