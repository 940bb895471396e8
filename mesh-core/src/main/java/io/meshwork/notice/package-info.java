/**
 * Port: notices to people and other systems about events in the mesh, and the events themselves.
 *
 * <p>Start at {@link io.meshwork.notice.Notifier}. Invariant: a notice or event is delivered at
 * least once, in the order of its log, and each time with the same ID. Imports {@code event},
 * {@code product}, and {@code internal.files}.
 */
@NullMarked
package io.meshwork.notice;

import org.jspecify.annotations.NullMarked;
