/**
 * The operations that change a product's rows: publishes, feeds, erases, and rollbacks.
 *
 * <p>Start at {@link io.meshwork.internal.publish.PublishOperations}. They collect what the caller
 * wants, and {@code internal.publish.run} does it. Imports no other operation's package.
 */
@NullMarked
package io.meshwork.internal.publish;

import org.jspecify.annotations.NullMarked;
