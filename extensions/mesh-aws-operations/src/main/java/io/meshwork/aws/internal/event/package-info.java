/**
 * Sends events and notices to Amazon EventBridge.
 *
 * <p>Start at {@code EventBridgeNotifier}. Invariant: what is sent has names, IDs, and counts, and
 * never text that people wrote. Imports {@code io.meshwork.event}, {@code io.meshwork.notice}, and
 * {@code io.meshwork.aws.internal}.
 */
@NullMarked
package io.meshwork.aws.internal.event;

import org.jspecify.annotations.NullMarked;
