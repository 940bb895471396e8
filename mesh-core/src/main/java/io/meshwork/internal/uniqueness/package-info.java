/**
 * Keys of rows: which rows of a publish and of its table have the same key, which references have
 * no row, and how many values are distinct.
 *
 * <p>Start at {@link io.meshwork.internal.uniqueness.UniqueKeys}, for the check of a commit at
 * {@link io.meshwork.internal.uniqueness.UniqueKeyCheck}. Invariant: answers are exact; keys beyond
 * the memory limit are stored in temporary files, which are deleted on close, or the result is
 * unavailable. Imports {@code contract}, {@code publish} (modes), {@code internal.columnar}, {@code
 * internal.measure} (column paths), {@code internal.predicate} (filters), and {@code
 * internal.runtime} (deadlines). Callers provide the files of a table.
 */
@NullMarked
package io.meshwork.internal.uniqueness;

import org.jspecify.annotations.NullMarked;
