/**
 * Maintenance, diagnosis and repair of a mesh, and its move to another backend.
 *
 * <p>Start at {@link io.meshwork.maintenance.Maintain}. Interfaces and values only: {@code
 * internal.maintenance} implements them, and {@code local} the move. Imports {@code error}, {@code
 * operation}, {@code product}, and {@code registry}.
 */
@NullMarked
package io.meshwork.maintenance;

import org.jspecify.annotations.NullMarked;
