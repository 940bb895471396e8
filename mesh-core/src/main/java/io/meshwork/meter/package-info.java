/**
 * Port: the numbers of a running mesh, for whatever collects them.
 *
 * <p>Start at {@link io.meshwork.meter.Meters}. Invariant: which meters and tags there are follows
 * from the products of the mesh, never from rows. Imports nothing.
 */
@NullMarked
package io.meshwork.meter;

import org.jspecify.annotations.NullMarked;
