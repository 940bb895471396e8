/**
 * The operations that change a product's rows, and their receipts and histories.
 *
 * <p>Start at {@link io.meshwork.internal.publish.PublishOperations}. Invariant: one registry
 * transaction makes rows visible, with the receipt and the log entry. Imports no other operation's
 * package.
 */
@NullMarked
package io.meshwork.internal.publish;

import org.jspecify.annotations.NullMarked;
