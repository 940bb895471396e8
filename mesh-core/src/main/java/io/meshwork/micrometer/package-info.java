/**
 * Records the mesh's measurements with Micrometer, an optional dependency: add {@code
 * io.micrometer:micrometer-core} to use this package.
 *
 * <p>Start at {@link io.meshwork.micrometer.MicrometerMeters}. Invariant: no other package imports
 * this one. Imports {@code meter} only.
 */
@NullMarked
package io.meshwork.micrometer;

import org.jspecify.annotations.NullMarked;
