/**
 * Read, subscribe, and poll for changes.
 *
 * <p>Start at {@link io.meshwork.consume.Read}, or at {@link io.meshwork.consume.Subscribe} for a
 * durable subscription. Interfaces only: {@code internal.consume} implements them. Invariant: a
 * reader sees one committed snapshot, and only what its permissions show.
 */
@NullMarked
package io.meshwork.consume;

import org.jspecify.annotations.NullMarked;
