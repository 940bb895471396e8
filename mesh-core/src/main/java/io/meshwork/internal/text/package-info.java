/**
 * Values as text: instants, durations, numbers, and principals; counts in sentences, similar names,
 * and characters that are not visible.
 *
 * <p>Start at {@link io.meshwork.internal.text.InstantText}. Invariant: stateless, and the same
 * value always has the same text. Imports {@code product} only.
 */
@NullMarked
package io.meshwork.internal.text;

import org.jspecify.annotations.NullMarked;
