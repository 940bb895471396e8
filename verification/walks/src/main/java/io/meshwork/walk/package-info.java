/**
 * Seeded walks through whole meshes that {@code scripts/walk} runs.
 *
 * <p>Start at {@code WorldsWalk}, {@code DeletionWalk}, or {@code RolloutWalk}. Invariant: a seed
 * repeats a walk; the last line of each command is {@code RESULT} and one JSON object. Imports the
 * public API and the testkit.
 */
@NullMarked
package io.meshwork.walk;

import org.jspecify.annotations.NullMarked;
