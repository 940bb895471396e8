/**
 * A small command line over a local mesh folder.
 *
 * <p>Uses the public API only.
 */
@NullMarked
package io.meshwork.examples.mesh;

import org.jspecify.annotations.NullMarked;
