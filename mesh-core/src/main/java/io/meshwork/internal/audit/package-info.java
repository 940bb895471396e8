/**
 * Reads the logs of the mesh: the audit, access reviews, and the shape of the mesh.
 *
 * <p>Start at {@link io.meshwork.internal.audit.MeshGovernance}. Invariant: it writes no log.
 * Imports the API of access and requests and the internal packages below.
 */
@NullMarked
package io.meshwork.internal.audit;

import org.jspecify.annotations.NullMarked;
