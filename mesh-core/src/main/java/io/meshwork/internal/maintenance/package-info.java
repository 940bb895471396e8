/**
 * Implements maintenance, repair and diagnosis.
 *
 * <p>Start at {@code MeshMaintenance}, which first finds all tasks and then runs them, and at
 * {@code MeshDoctor}. {@code MaintenanceOperations} creates both for {@code Mesh}. Invariants: the
 * doctor changes nothing and reports every problem, not only the first; maintenance deletes a file
 * only after it has proven that no retained snapshot references it and that its writer can never
 * commit it. Imports {@code maintenance} and the internal packages.
 */
@NullMarked
package io.meshwork.internal.maintenance;

import org.jspecify.annotations.NullMarked;
