/**
 * Subscribing, reading, and following what is new.
 *
 * <p>Start at {@link io.meshwork.consume.Read}, and for polling at {@code Polling}: {@code
 * MainWalk} walks from the position, {@code News} says what the next batch tells, {@code
 * BatchContent} which rows that is. Invariant: a reader sees one committed snapshot, and only what
 * access allows; a batch is written down before it is handed out. Imports the internal rooms; no
 * other verb.
 */
@NullMarked
package io.meshwork.consume;

import org.jspecify.annotations.NullMarked;
