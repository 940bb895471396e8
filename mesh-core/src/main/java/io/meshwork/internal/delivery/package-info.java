/**
 * From events to notifiers: the notices of an event, the cursor of each notifier, and the delivery
 * from there.
 *
 * <p>Start at {@link io.meshwork.internal.delivery.NoticeDelivery}. Invariant: a cursor passes an
 * event only after all its notices were delivered or parked, and before them the event itself where
 * a notifier delivers events; a crash repeats, but never skips. Imports {@code event}, {@code
 * notice}, and {@code internal.session}.
 */
@NullMarked
package io.meshwork.internal.delivery;

import org.jspecify.annotations.NullMarked;
