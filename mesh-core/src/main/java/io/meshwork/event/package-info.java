/**
 * What happened: the log's entries as values for users, in a stable, versioned form.
 *
 * <p>Start at {@link io.meshwork.event.MeshEvent}. Invariant: an event is what the log says and
 * nothing else; the schema {@code event-1.json} beside this class describes each, and a change that
 * breaks its readers takes another format number. Imports {@code internal.session} and {@code
 * internal.ledger}.
 */
@NullMarked
package io.meshwork.event;

import org.jspecify.annotations.NullMarked;
