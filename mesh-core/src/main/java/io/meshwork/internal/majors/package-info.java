/**
 * The major versions of a product side by side: how a new one follows, the rows of one as rows of
 * another, and whom the change affects.
 *
 * <p>Start at {@link io.meshwork.internal.majors.NewMajor}, then {@code ColumnMap} and {@code
 * ConsumerImpact}. Invariant: commits nothing. Imports state and the session.
 */
@NullMarked
package io.meshwork.internal.majors;

import org.jspecify.annotations.NullMarked;
