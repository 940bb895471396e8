/**
 * What a mesh runs on: clock, ids, sleep, executor, deadlines and retries, as parameters.
 *
 * <p>Start at {@link io.meshwork.internal.runtime.MeshRuntime}. Invariant: nothing else in
 * mesh-core asks the wall clock, makes a random id or sleeps. Imports {@code error} only.
 */
@NullMarked
package io.meshwork.internal.runtime;

import org.jspecify.annotations.NullMarked;
