/**
 * Sends events and notices to Amazon EventBridge, and reads the queue of changes in Amazon SQS.
 *
 * <p>Start at {@code EventBridgeProvider}. Invariant: what is sent has names, IDs, and counts, and
 * never text that people wrote. Imports {@code io.meshwork.event}, {@code io.meshwork.notice},
 * {@code io.meshwork.internal.mirror}, and {@code io.meshwork.aws.internal}.
 */
@NullMarked
package io.meshwork.aws.internal.event;

import org.jspecify.annotations.NullMarked;
