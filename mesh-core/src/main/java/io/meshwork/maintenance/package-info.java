/**
 * Maintenance, diagnosis and repair of a mesh.
 *
 * <p>Start at {@link io.meshwork.maintenance.Maintain}. Interfaces and values only: {@code
 * internal.maintenance} implements them. Imports {@code error} and {@code operation}.
 */
@NullMarked
package io.meshwork.maintenance;

import org.jspecify.annotations.NullMarked;
