/**
 * Who consumes a product: subscriptions, readers without one, links, and products that derive from
 * it or refer to it.
 *
 * <p>Start at {@link io.meshwork.internal.consumers.SubscriberList}. Invariant: reads only, and
 * shows the caller no consumer that it may not know. Imports {@code internal.session}.
 */
@NullMarked
package io.meshwork.internal.consumers;

import org.jspecify.annotations.NullMarked;
