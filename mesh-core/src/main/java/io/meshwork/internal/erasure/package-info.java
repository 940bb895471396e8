/**
 * Erases rows from all files of a product, and proves it.
 *
 * <p>Start at {@code ProvenErase}; {@code ErasureRun} is its story. {@code ErasureOperations}
 * creates the operations for {@code MeshClient}. Invariant: a proof names each place that was not
 * reached. Imports {@code internal.maintenance}, whose decisions about files it follows.
 */
@NullMarked
package io.meshwork.internal.erasure;

import org.jspecify.annotations.NullMarked;
