/**
 * What tests of meshes are made of: a fresh mesh for each test, assertions, rows made from a
 * contract, a clock that moves when told, DynamoDB Local as a process, and the suites that every
 * backend passes.
 *
 * <p>Start at {@link io.meshwork.testkit.MeshTest} to test a producer or a consumer, at {@link
 * io.meshwork.testkit.MeshConformance} to prove a backend. Invariant: production code never depends
 * on this package; users bring their JUnit, so only what 5.14 and 6 both have is called. Imports
 * every public room of mesh-core.
 */
@NullMarked
package io.meshwork.testkit;

import org.jspecify.annotations.NullMarked;
