/**
 * The grammar of change: describe, {@code plan()}, {@code commit()}.
 *
 * <p>Start at {@link io.meshwork.operation.Operation}; one that can be looked at before is a {@link
 * io.meshwork.operation.PlannedOperation}. Imports {@code error} only.
 */
@NullMarked
package io.meshwork.operation;

import org.jspecify.annotations.NullMarked;
