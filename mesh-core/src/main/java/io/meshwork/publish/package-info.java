/**
 * Publishing: rows that satisfy the contract become one snapshot, exactly once.
 *
 * <p>Start at {@link io.meshwork.publish.Publish}. {@code MeshClient} creates the operations; their
 * code is in {@code internal.publish}. Imports values and ports only.
 */
@NullMarked
package io.meshwork.publish;

import org.jspecify.annotations.NullMarked;
