/**
 * How every change is made: describe it, {@code plan()}, {@code commit()}.
 *
 * <p>Start at {@link io.meshwork.operation.Operation}; one that can be reviewed first is a {@link
 * io.meshwork.operation.PlannedOperation}. Imports {@code error} only.
 */
@NullMarked
package io.meshwork.operation;

import org.jspecify.annotations.NullMarked;
