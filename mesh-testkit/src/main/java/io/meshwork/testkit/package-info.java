/**
 * What tests of meshes are made of: a registry in memory, a clock that moves when told, DynamoDB
 * Local as a process, and the suites that every backend passes.
 *
 * <p>Start at {@link io.meshwork.testkit.RegistryConformance} to prove a backend, at {@link
 * io.meshwork.testkit.ManualClock} to test with time. Invariant: production code never depends on
 * this package. Imports every public room of mesh-core.
 */
@NullMarked
package io.meshwork.testkit;

import org.jspecify.annotations.NullMarked;
