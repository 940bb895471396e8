/**
 * The operations on domains, products, and contracts.
 *
 * <p>Start at {@link io.meshwork.internal.change.ChangeOperations}. Invariant: each change is one
 * registry transaction with its log entry. Imports no other operation's package.
 */
@NullMarked
package io.meshwork.internal.change;

import org.jspecify.annotations.NullMarked;
