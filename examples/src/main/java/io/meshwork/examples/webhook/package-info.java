/**
 * A webhook that receives notices, and a receiver that verifies them. Run it with {@code
 * scripts/example webhook}.
 *
 * <p>Start at {@link io.meshwork.examples.webhook.Webhook}.
 */
@NullMarked
package io.meshwork.examples.webhook;

import org.jspecify.annotations.NullMarked;
