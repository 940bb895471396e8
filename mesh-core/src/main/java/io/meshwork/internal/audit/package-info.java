/**
 * Reads the logs of the mesh: the audit, access reviews, and the mesh's topology.
 *
 * <p>Start at {@link io.meshwork.internal.audit.MeshGovernance}. Invariant: it changes no log.
 * Imports the API of access and requests and the internal packages below.
 */
@NullMarked
package io.meshwork.internal.audit;

import org.jspecify.annotations.NullMarked;
