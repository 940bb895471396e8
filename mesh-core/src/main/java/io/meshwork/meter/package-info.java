/**
 * Port: the measurements of a running mesh, for any metrics system.
 *
 * <p>Start at {@link io.meshwork.meter.Meters}. Invariant: the set of meters and tags depends on
 * the products and accounts of the mesh, never on rows. Imports nothing.
 */
@NullMarked
package io.meshwork.meter;

import org.jspecify.annotations.NullMarked;
