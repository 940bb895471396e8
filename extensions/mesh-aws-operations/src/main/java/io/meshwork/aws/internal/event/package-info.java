/**
 * Sends notices to Amazon EventBridge.
 *
 * <p>Start at {@code EventBridgeNotifier}. Invariant: an event has names, IDs, and counts, and
 * never text that people wrote. Imports {@code io.meshwork.notice} and {@code
 * io.meshwork.aws.internal}.
 */
@NullMarked
package io.meshwork.aws.internal.event;

import org.jspecify.annotations.NullMarked;
