/**
 * Log entries as values, in a stable, versioned format.
 *
 * <p>Start at {@link io.meshwork.event.MeshEvent}. Invariant: an event contains what the log
 * contains and nothing else; the schema {@code event-1.json} in this package describes each type,
 * and a change that breaks readers gets another format number. Imports {@code internal.ledger}.
 */
@NullMarked
package io.meshwork.event;

import org.jspecify.annotations.NullMarked;
