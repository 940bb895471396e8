/**
 * The environment of a mesh as parameters: clock, IDs, sleep, executor, deadlines, and retries; the
 * arguments of callers, and digests.
 *
 * <p>Start at {@link io.meshwork.internal.runtime.MeshRuntime}. Invariant: no other class in
 * mesh-core reads the system clock, generates random IDs, or sleeps. Imports {@code error} and
 * {@code internal.text}.
 */
@NullMarked
package io.meshwork.internal.runtime;

import org.jspecify.annotations.NullMarked;
