/**
 * From events to notifiers: which notices an event gives, where each notifier stands, and the
 * delivery that goes on from there.
 *
 * <p>Start at {@link io.meshwork.internal.delivery.NoticeDelivery}. Invariant: a cursor passes an
 * event only after all its notices were handed over or parked, so a crash repeats and never skips.
 * Imports {@code event}, {@code notice} and {@code internal.session}.
 */
@NullMarked
package io.meshwork.internal.delivery;

import org.jspecify.annotations.NullMarked;
