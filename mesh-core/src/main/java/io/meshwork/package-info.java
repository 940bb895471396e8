/**
 * The entry point: a mesh, and the verbs of a principal acting on it.
 *
 * <p>Start at {@link io.meshwork.Mesh#clientAs} and {@link io.meshwork.MeshClient}. Imports the
 * verb packages; backends sit above.
 */
@NullMarked
package io.meshwork;

import org.jspecify.annotations.NullMarked;
