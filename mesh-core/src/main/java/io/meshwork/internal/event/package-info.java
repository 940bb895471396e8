/**
 * The details of log entries as records: what changes log, and what notices and exports read.
 *
 * <p>Start at {@link io.meshwork.internal.event.EventDetails}. Invariant: {@code event-1.json}
 * describes each record, and a test compares both. Imports {@code event} and {@code
 * internal.ledger}.
 */
@NullMarked
package io.meshwork.internal.event;

import org.jspecify.annotations.NullMarked;
