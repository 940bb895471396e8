/**
 * Implements maintenance.
 *
 * <p>Start at {@code MeshMaintenance}, which first finds all tasks and then runs them. {@code
 * MaintenanceOperations} creates it for {@code Mesh}. Invariant: maintenance deletes only what
 * {@code internal.leftovers} says may go. Imports {@code maintenance} and the internal packages.
 */
@NullMarked
package io.meshwork.internal.maintenance;

import org.jspecify.annotations.NullMarked;
