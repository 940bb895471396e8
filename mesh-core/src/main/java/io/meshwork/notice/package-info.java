/**
 * Port: who is told what. Events of the log become notices, and notifiers take them outside.
 *
 * <p>Start at {@link io.meshwork.notice.Notifier}. Invariant: a notice is handed over at least
 * once, in order per product, and each time with the same id. Imports {@code product} and {@code
 * internal.files}.
 */
@NullMarked
package io.meshwork.notice;

import org.jspecify.annotations.NullMarked;
