/**
 * Implements maintenance, repair and diagnosis.
 *
 * <p>Start at {@code MeshMaintenance}, which finds tasks first and runs them then, and at {@code
 * MeshDoctor}. {@code MaintenanceOperations} creates both for {@code Mesh}. Invariants: the doctor
 * changes nothing and reports everything that is wrong, not only the first thing; maintenance
 * deletes no file before it is proven that no retained snapshot references it and that its writer
 * can never commit it. Imports {@code maintenance} and the internal packages.
 */
@NullMarked
package io.meshwork.internal.maintenance;

import org.jspecify.annotations.NullMarked;
