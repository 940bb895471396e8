/**
 * The minutes in which tables could be opened.
 *
 * <p>Start at {@link io.meshwork.internal.availability.AvailabilityRecorder}. Invariant: a minute
 * counts once in a month. Imports {@code internal.catalog} and {@code internal.ledger}.
 */
@NullMarked
package io.meshwork.internal.availability;

import org.jspecify.annotations.NullMarked;
