/**
 * The mesh's numbers in Micrometer, an optional dependency: who uses this room brings {@code
 * io.micrometer:micrometer-core}, and nothing else in Meshwork needs it.
 *
 * <p>Start at {@link io.meshwork.micrometer.MicrometerMeters}. Invariant: no other room imports
 * this one. Imports {@code meter} only.
 */
@NullMarked
package io.meshwork.micrometer;

import org.jspecify.annotations.NullMarked;
