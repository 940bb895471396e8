/**
 * Implements reading, subscribing, polling, and listing events.
 *
 * <p>Start at {@code ProductRead}, and for polling at {@code SubscriptionPoll}: {@code
 * MainSnapshots} finds the snapshots after the position, {@code NextBatch} determines what the next
 * batch contains, {@code BatchContent} which rows these are. {@code ConsumerOperations} creates the
 * operations for {@code MeshClient}. Invariant: a reader sees one committed snapshot, and only what
 * its permissions show; a batch is stored before it is issued. Imports {@code consume}, {@code
 * event}, and the tracks of {@code rollout}; no other operation. {@code MeshClient} passes what
 * reads the tracks.
 */
@NullMarked
package io.meshwork.internal.consume;

import org.jspecify.annotations.NullMarked;
