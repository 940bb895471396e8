/**
 * The grammar of change: describe, {@code plan()}, {@code commit()}.
 *
 * <p>Start at {@link io.meshwork.operation.Operation}. Imports {@code error} only.
 */
@NullMarked
package io.meshwork.operation;

import org.jspecify.annotations.NullMarked;
