/**
 * The README's tour as one program: publish, poll, request access, link, read, and a denial that
 * explains itself. Run it with {@code scripts/example first-day}.
 *
 * <p>Start at {@link io.meshwork.examples.firstday.FirstDay}.
 */
@NullMarked
package io.meshwork.examples.firstday;

import org.jspecify.annotations.NullMarked;
