/**
 * What tests of meshes are made of: a fresh mesh for each test, assertions, rows made from a
 * contract, a clock that moves when told, faults, crashes and kills.
 *
 * <p>Start at {@link io.meshwork.testkit.MeshTest} to test a producer or a consumer. The suites
 * that prove a backend are in mesh-conformance. Invariant: production code never depends on this
 * package; users bring their JUnit, so only what 5.14 and 6 both have is called. Imports every
 * public package of mesh-core.
 */
@NullMarked
package io.meshwork.testkit;

import org.jspecify.annotations.NullMarked;
