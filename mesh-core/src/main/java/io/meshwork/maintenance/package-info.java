/**
 * Upkeep and diagnosis of a mesh.
 *
 * <p>Start at {@link io.meshwork.maintenance.Maintain}, whose chores are found first and done then,
 * and at {@link io.meshwork.maintenance.Doctor}. Invariants: the doctor changes nothing, and finds
 * everything that is wrong rather than the first thing; maintenance deletes no file before it is
 * certain that no retained snapshot reaches it and that its writer can never commit it. Imports
 * {@code error}, {@code operation} and the inner rooms.
 */
@NullMarked
package io.meshwork.maintenance;

import org.jspecify.annotations.NullMarked;
