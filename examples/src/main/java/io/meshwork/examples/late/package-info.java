/**
 * A product that is late because of another one, and who is notified. Run it with {@code
 * scripts/example late}.
 *
 * <p>Start at {@link io.meshwork.examples.late.Late}.
 */
@NullMarked
package io.meshwork.examples.late;

import org.jspecify.annotations.NullMarked;
