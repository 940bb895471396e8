/**
 * What questions about many products need of each major version: its index entry, from the contract
 * and the tags, and its activity, from the table and the log.
 *
 * <p>Start at {@link io.meshwork.internal.index.DomainIndex}. Invariant: index entry and activity
 * follow from other documents alone, and can be built again at any time. Imports state and the
 * session.
 */
@NullMarked
package io.meshwork.internal.index;

import org.jspecify.annotations.NullMarked;
