/**
 * What tests of meshes are made of: a mesh in memory, a clock that moves when told, DynamoDB Local
 * as a process, and the suites that every backend passes.
 *
 * <p>Start at {@link io.meshwork.testkit.InMemoryMesh} to test a producer or a consumer, at {@link
 * io.meshwork.testkit.MeshConformance} to prove a backend. Invariant: production code never depends
 * on this package. Imports every public room of mesh-core.
 */
@NullMarked
package io.meshwork.testkit;

import org.jspecify.annotations.NullMarked;
